//! Extensions with their types. Never keeps a value: that is among the unknown fields of the message.

use core::fmt;
use core::marker::PhantomData;

use crate::message::ReflectMessage;
use crate::reflect::descriptor::FieldRepr;
use crate::reflect::{FieldDescriptor, Reflect, ValueRef};
use crate::table::{FieldTable, ReflectShape};

/// A field that extends the message `E`, declared outside of it. `S` tells its type; generated code has one static per
/// extension.
///
/// ```text
/// let price: Option<i32> = shop::PRICE.get(&item);
/// shop::PRICE.set(&mut item, Some(5));
/// ```
pub struct Extension<E, S: ReflectShape> {
    field: FieldTable,
    types: PhantomData<fn() -> (E, S)>,
}

impl<E: ReflectMessage, S: ReflectShape<Storage: Default>> Extension<E, S> {
    /// The extension `full_name` of the message `extendee`.
    #[doc(hidden)]
    pub const fn new(extendee: &'static str, number: u32, full_name: &'static str) -> Self {
        let mut field = FieldTable::detached::<S>(number, full_name);
        field.extendee = extendee;
        Self {
            field,
            types: PhantomData,
        }
    }

    /// The default that the `.proto` file gives.
    #[doc(hidden)]
    pub const fn default_value(mut self, value: ValueRef<'static>) -> Self {
        self.field.default = Some(value);
        self
    }

    /// `Debug` does not show the value (`debug_redact`).
    #[doc(hidden)]
    pub const fn redacted(mut self) -> Self {
        self.field.is_redacted = true;
        self
    }

    /// Strings that are not UTF-8 are no mistake (`utf8_validation`).
    #[doc(hidden)]
    pub const fn unchecked_utf8(mut self) -> Self {
        self.field.checks_utf8 = false;
        self
    }

    /// The extension to reflection and to a [`Registry`](crate::Registry).
    pub fn descriptor(&'static self) -> FieldDescriptor {
        FieldDescriptor(FieldRepr::Extension(&self.field))
    }

    /// The extension's value in `message`: an `Option` for a singular extension, a `Vec` for a repeated one. What the message has
    /// for it but cannot be read counts as absent.
    pub fn get(&'static self, message: &E) -> S::Storage {
        let mut storage = S::Storage::default();
        if let Some(value) = message.extension(&self.descriptor()) {
            // A value that the type refuses, as a closed enum does, is absent.
            let _ = S::set(&mut storage, value);
        }
        storage
    }

    /// Whether `message` has the extension.
    pub fn has(&'static self, message: &E) -> bool {
        S::get(&self.get(message)).is_some()
    }

    /// Sets the extension; an absent or empty value clears it.
    ///
    /// # Panics
    /// When the message was generated without unknown fields.
    pub fn set(&'static self, message: &mut E, value: S::Storage) {
        self.clear(message);
        if let Some(value) = S::get(&value) {
            let set = message.set_extension(&self.descriptor(), value.to_value());
            set.expect("the value is of the extension's type");
        }
    }

    /// Removes the extension and says whether there was one.
    pub fn clear(&'static self, message: &mut E) -> bool {
        message.clear_extension(&self.descriptor())
    }
}

impl<E, S: ReflectShape> fmt::Debug for Extension<E, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Extension({} = {})", self.field.name, self.field.number)
    }
}
