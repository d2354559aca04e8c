"""How pages of campaigns are drawn: charts as numbers, templates, figures as they are shown."""
