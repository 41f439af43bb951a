//! Holds our messages against those of prost: everything is in `tests`. Never used by anything.
