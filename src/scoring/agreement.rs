//! How well a scorer agrees with reference raters: kappa, F1, rank correlation, calibration.
