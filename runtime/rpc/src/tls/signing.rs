//! Signing with RSA keys, once more where graviola could not.
//!
//! graviola 0.4 puts the halves of an RSA signature together as if the key's first prime were the larger one. RFC 8017
//! (section 3.2) asks for no order, and keys that Go programs make have any. With such a key up to one signature in
//! sixteen comes out wrong; graviola notices that and gives an error, on which the handshake would fail. A PSS signature has a salt
//! that is drawn anew (section 9.1.1), so that another attempt succeeds. Never signs twice what has been signed.

use rustls::crypto::KeyProvider;
use rustls::pki_types::{PrivateKeyDer, SubjectPublicKeyInfoDer};
use rustls::sign::{Signer, SigningKey};
use rustls::{Error, SignatureAlgorithm, SignatureScheme};
use std::sync::Arc;

/// At one failure in sixteen, fewer than one handshake in 10^19 is lost after so many.
const ATTEMPTS_MAX: usize = 16;

/// Loads keys that sign again.
#[derive(Debug)]
pub(super) struct Keys {
    pub(super) graviola: &'static dyn KeyProvider,
}

impl KeyProvider for Keys {
    fn load_private_key(&self, der: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, Error> {
        let key = self.graviola.load_private_key(der)?;
        Ok(match key.algorithm() {
            SignatureAlgorithm::RSA => Arc::new(RsaKey { key }),
            _ => key,
        })
    }
}

#[derive(Debug)]
struct RsaKey {
    key: Arc<dyn SigningKey>,
}

impl SigningKey for RsaKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let signer = self.key.choose_scheme(offered)?;
        Some(Box::new(RsaSigner { signer }))
    }

    fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'_>> {
        self.key.public_key()
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.key.algorithm()
    }
}

#[derive(Debug)]
struct RsaSigner {
    signer: Box<dyn Signer>,
}

impl Signer for RsaSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let mut signed = self.signer.sign(message);
        for _ in 1..ATTEMPTS_MAX {
            if signed.is_ok() {
                break;
            }
            signed = self.signer.sign(message);
        }
        signed
    }

    fn scheme(&self) -> SignatureScheme {
        self.signer.scheme()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::pki_types::pem::PemObject;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// With a first prime that is the smaller one by a quarter.
    const KEY: &[u8] = include_bytes!("signing/unordered_primes.pem");

    fn signer(keys: &dyn KeyProvider, scheme: SignatureScheme) -> Box<dyn Signer> {
        let der = PrivateKeyDer::from_pem_slice(KEY).unwrap();
        let key = keys.load_private_key(der).unwrap();
        key.choose_scheme(&[scheme]).unwrap()
    }

    fn graviola() -> &'static dyn KeyProvider {
        rustls_graviola::default_provider().key_provider
    }

    /// Known wrong behaviour: once this fails, nothing of this file is needed any more. A PKCS #1 signature has no salt, so
    /// that it is always the same messages.
    #[test]
    fn graviola_cannot_sign_some_messages() {
        let signer = signer(graviola(), SignatureScheme::RSA_PKCS1_SHA256);
        let outcomes = [9_u32, 10].map(|number| signer.sign(&number.to_be_bytes()).is_ok());
        assert_eq!(outcomes, [true, false]);
    }

    #[test]
    fn every_message_gets_a_pss_signature() {
        let keys = Keys {
            graviola: graviola(),
        };
        let signer = signer(&keys, SignatureScheme::RSA_PSS_SHA256);
        for number in 0..40_u32 {
            signer.sign(&number.to_be_bytes()).unwrap();
        }
    }

    /// Fails so many times before it signs.
    #[derive(Debug)]
    struct Failing {
        times: AtomicUsize,
    }

    impl Signer for Failing {
        fn sign(&self, _message: &[u8]) -> Result<Vec<u8>, Error> {
            match self.times.load(Ordering::Relaxed) {
                0 => Ok(b"signed".to_vec()),
                times => {
                    self.times.store(times - 1, Ordering::Relaxed);
                    Err(Error::General("again".to_owned()))
                }
            }
        }

        fn scheme(&self) -> SignatureScheme {
            SignatureScheme::RSA_PSS_SHA256
        }
    }

    #[test]
    fn a_failure_is_followed_by_another_attempt_but_not_for_ever() {
        let sign = |failures| {
            let times = AtomicUsize::new(failures);
            let signer = Box::new(Failing { times });
            RsaSigner { signer }.sign(b"")
        };
        assert_eq!(sign(ATTEMPTS_MAX - 1).unwrap(), b"signed");
        assert!(sign(ATTEMPTS_MAX).is_err());
    }
}
