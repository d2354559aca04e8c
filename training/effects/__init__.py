"""What showing an offer adds to its being taken: doubly robust, beside the plain ways that it is held against."""
