//! Packing messages into `Any` and out of it. Never looks a type up: that is what a registry does.

use alloc::format;

use crate::google::protobuf::Any;
use crate::message::Message;
use crate::registry::UnpackError;

impl Any {
    /// The message in an `Any`, with `type.googleapis.com/` in front of its type's name.
    ///
    /// ```
    /// use ironwire_message::google::protobuf::{Any, Duration};
    ///
    /// let any = Any::pack(&Duration { seconds: 5, ..Default::default() });
    /// assert_eq!(any.type_url, "type.googleapis.com/google.protobuf.Duration");
    /// assert_eq!(any.unpack::<Duration>()?.seconds, 5);
    /// # Ok::<(), ironwire_message::UnpackError>(())
    /// ```
    pub fn pack<M: Message>(message: &M) -> Self {
        Self {
            type_url: format!("type.googleapis.com/{}", M::full_name()),
            value: message.encode_to_bytes(),
            ..Self::default()
        }
    }

    /// Whether the message in here is an `M`: what stands behind the last slash of the URL is its name.
    pub fn is<M: Message>(&self) -> bool {
        let name = self.type_url.rsplit_once('/').map(|(_, name)| name);
        name == Some(M::full_name())
    }

    /// The message in here. [`Registry::unpack`](crate::Registry::unpack) takes out a message whose type is known only at run time.
    ///
    /// # Errors
    /// When the message is of another type or its bytes are malformed.
    pub fn unpack<M: Message>(&self) -> Result<M, UnpackError> {
        if !self.is::<M>() {
            return Err(UnpackError::other_type(&self.type_url, M::full_name()));
        }
        M::decode_bytes(self.value.clone()).map_err(UnpackError::malformed)
    }
}
