//! Tests of the whole stack; each file is one question.
