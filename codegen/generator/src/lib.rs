//! The Ironwire code generator: services and messages as Rust text.
//!
//! A front end reads `.proto` files and a message backend writes the messages; both hand over plain data
//! ([`input::File`]). [`plan()`] decides every module, name and path, and [`write()`] prints the plan as a list of files.
//! Nothing here opens a file.
//!
//! ```
//! use ironwire_codegen::{Options, input, plan, write};
//!
//! let hello = input::File {
//!     name: "hello.proto".to_owned(),
//!     package: "hello".to_owned(),
//!     services: vec![input::Service { name: "Greeter".to_owned(), ..Default::default() }],
//!     ..Default::default()
//! };
//! let outputs = write(&plan(&[hello], &Options::default())?);
//! let package = outputs.iter().find(|output| output.path == "+packages/hello.rs").unwrap();
//! assert!(package.text.contains("pub trait Greeter"));
//! # Ok::<(), ironwire_codegen::Error>(())
//! ```

mod docs;
mod error;
pub mod input;
mod layout;
pub mod messages;
mod names;
pub mod plan;
mod writers;

pub use docs::rustdoc;
pub use error::Error;
pub use plan::{Options, Plan, plan};
pub use writers::{Output, write};
