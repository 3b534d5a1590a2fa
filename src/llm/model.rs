//! A language model at an endpoint, with everything that its calls share.

use std::{
    fmt,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{OnceCell, Semaphore};

use super::{
    books::Purse,
    breaker::Breaker,
    error::LlmError,
    limits::{Fault, Limits},
    openai::Endpoint,
    quirks::Quirks,
};
use crate::config::LlmSettings;

/// Where a key without a base URL belongs.
const DEFAULT_BASE_URL: &str = "https://api.openai.com/v1";

/// One model at one endpoint; cheap to clone, and all clones share its limits.
#[derive(Clone)]
pub struct Model {
    pub(super) door: Arc<Door>,
    name: Arc<str>,
    learned: Arc<Learned>,
}

/// What all models of one endpoint share.
pub(super) struct Door {
    base_url: String,
    host: String,
    is_local: bool,
    key: Option<SecretString>,
    pub(super) limits: Limits,
    pub(super) gate: Arc<Semaphore>,
    pub(super) breaker: Breaker,
    pub(super) purse: Purse,
    /// Made at the first request, because a machine without CA certificates cannot make one.
    endpoint: OnceLock<Endpoint>,
}

/// What has been learned of one model.
#[derive(Default)]
struct Learned {
    quirks: Mutex<Quirks>,
    recalled: OnceCell<()>,
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model").field("host", &self.door.host).field("name", &self.name).finish_non_exhaustive()
    }
}

impl Model {
    /// The model of `settings`. Nothing is sent yet; an address or key that can never work is
    /// [`LlmError::Misconfigured`]. Calls are paid from `purse`.
    pub fn new(settings: &LlmSettings, purse: Purse) -> Result<Self, LlmError> {
        let wrong = |setting, problem: String| LlmError::Misconfigured { setting, problem };
        let given = settings.base_url.as_deref().map(str::trim).filter(|url| !url.is_empty());
        let base_url = given.unwrap_or(DEFAULT_BASE_URL).trim_end_matches('/');
        let url = reqwest::Url::parse(base_url)
            .map_err(|error| wrong("the base URL", format!("{error}; write it like {DEFAULT_BASE_URL}")))?;
        let Some(host) = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https")) else {
            return Err(wrong("the base URL", format!("it names no web server; write it like {DEFAULT_BASE_URL}")));
        };
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err(wrong(
                "the base URL",
                "it may hold no user name, `?` or `#`; the key is a setting of its own".to_owned(),
            ));
        }
        let key = settings.api_key.as_ref().map(|key| key.expose_secret().trim()).filter(|key| !key.is_empty());
        if key.is_some_and(|key| !key.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(wrong(
                "the API key",
                "it holds a space, line break or foreign letter; copy it again".to_owned(),
            ));
        }
        let name = settings.model.trim();
        if name.is_empty() {
            return Err(wrong("the model's name", "it is empty; name a model that the endpoint serves".to_owned()));
        }
        let is_local = host == "localhost"
            || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let door = Door {
            base_url: base_url.to_owned(),
            host,
            is_local,
            key: key.map(SecretString::from),
            limits: Limits::of(settings),
            gate: Arc::new(Semaphore::new(settings.concurrency.clamp(1, Semaphore::MAX_PERMITS))),
            breaker: Breaker::default(),
            purse,
            endpoint: OnceLock::new(),
        };
        Ok(Self { door: Arc::new(door), name: name.into(), learned: Arc::default() })
    }

    /// Another model of the same endpoint, under the same limits and from the same purse.
    #[must_use]
    pub fn sibling(&self, name: &str) -> Self {
        Self { door: Arc::clone(&self.door), name: name.into(), learned: Arc::default() }
    }

    /// Which host receives the answers, with its port where it is not the usual one.
    pub fn host(&self) -> &str {
        &self.door.host
    }

    /// Whose account the calls go to.
    pub fn purse(&self) -> &Purse {
        &self.door.purse
    }

    pub fn model_name(&self) -> &str {
        &self.name
    }

    /// The error of a reply that cannot be used.
    pub(super) fn unusable(&self, faults: String, raw: String) -> LlmError {
        LlmError::Unusable { host: self.host().to_owned(), model: self.model_name().to_owned(), faults, raw }
    }

    pub(super) fn error(&self, fault: Fault) -> LlmError {
        let key = self.door.key.as_ref().map_or("", |key| key.expose_secret());
        LlmError::of(fault, self.host(), self.model_name(), key)
    }

    pub(super) fn endpoint(&self) -> Result<&Endpoint, Fault> {
        if let Some(endpoint) = self.door.endpoint.get() {
            return Ok(endpoint);
        }
        let made = Endpoint::new(&self.door.base_url, self.door.key.as_ref(), self.door.is_local)?;
        Ok(self.door.endpoint.get_or_init(|| made))
    }

    /// What is known of the endpoint by now; what an earlier run learned is read at the first time.
    pub(super) async fn quirks(&self) -> Quirks {
        let recalled = || async {
            let text = self.door.purse.books().recall(&self.door.base_url, &self.name).await;
            if let Some(quirks) = text.and_then(|text| serde_json::from_str(&text).ok()) {
                self.known().merge(quirks);
            }
        };
        self.learned.recalled.get_or_init(recalled).await;
        *self.known()
    }

    /// Adds what a call has found out, for the others and for the next run.
    pub(super) fn learn(&self, quirks: Quirks) {
        let merged = {
            let mut known = self.known();
            let before = *known;
            known.merge(quirks);
            if *known == before {
                return;
            }
            *known
        };
        let text = serde_json::to_string(&merged).unwrap_or_default();
        self.door.purse.remember(self.door.base_url.clone(), self.name.to_string(), text);
    }

    /// Forgets what was learned and takes this instead.
    pub(super) fn relearn(&self, quirks: Quirks) {
        *self.known() = Quirks::default();
        self.learn(quirks);
        if quirks == Quirks::default() {
            let text = serde_json::to_string(&quirks).unwrap_or_default();
            self.door.purse.remember(self.door.base_url.clone(), self.name.to_string(), text);
        }
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Quirks> {
        self.learned.quirks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(base_url: &str, key: &str) -> LlmSettings {
        LlmSettings {
            base_url: Some(base_url.to_owned()),
            api_key: Some(SecretString::from(key.to_owned())),
            ..LlmSettings::default()
        }
    }

    #[test]
    fn the_host_that_receives_the_answers_is_known_before_anything_is_sent() {
        let host =
            |url| Model::new(&settings(url, " sk-1\n"), Purse::bottomless()).map(|model| model.host().to_owned());
        assert_eq!(host("https://api.example.com/v1/").unwrap(), "api.example.com");
        assert_eq!(host(" http://127.0.0.1:11434/v1 ").unwrap(), "127.0.0.1:11434");
        assert_eq!(host("http://[::1]:8080").unwrap(), "[::1]:8080");
        assert_eq!(host("").unwrap(), "api.openai.com");
    }

    #[test]
    fn an_address_or_key_that_can_never_work_is_a_setting_to_mend_and_no_panic() {
        for (url, key) in [
            ("localhost:11434/v1", "k"),
            ("ftp://x", "k"),
            ("http://", "k"),
            ("not a url", "k"),
            ("https://user:pw@host/v1", "k"),
            ("https://host/v1?x=1", "k"),
            ("https://host/v1", "two words"),
            ("https://host/v1", "line\nbreak"),
            ("https://host/v1", "schlüssel"),
            ("https://host/v1", "nul\0"),
        ] {
            let error = Model::new(&settings(url, key), Purse::bottomless()).unwrap_err();
            assert!(matches!(error, LlmError::Misconfigured { .. }), "{url} {key}");
            assert!(!error.to_string().contains(key) || key == "k", "{error}");
        }
    }
}
