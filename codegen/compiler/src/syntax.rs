//! From text to tree: sources, spans, diagnostics and the syntax of .proto files. It never opens a file.

pub mod ast;
pub mod comments;
pub mod diagnostic;
pub mod lexer;
pub mod parser;
pub mod render;
pub mod source;
pub mod span;
