//! HelloService served and called.
