"""From labelled cases to a registered champion: labels, folds, fitting, evaluation, promotion, MLflow."""
