//! What every verb needs: the state, its evidence log, and the framework of an assessment.

use std::borrow::Cow;
use std::future::Future;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use posture_audit::{Act, Assessment, Evidence, Imported, Period, Person, RequestStatus};
use posture_content::frameworks::{Framework, embedded};
use posture_store::Store;

use super::super::evidence::place::EvidencePlace;
use super::super::frameworks::own_framework;
use super::super::state::StateArgument;
use super::super::{CommandError, StatePlace, nearest};
use crate::config::Config;

/// Where an assessment is.
#[derive(Debug, clap::Args)]
pub(crate) struct Place {
    #[command(flatten)]
    state: StateArgument,
    /// The configuration that names the evidence log. Default: posture.yaml, where there is one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Who does it.
#[derive(Debug, clap::Args)]
pub(crate) struct By {
    /// Who does this: a person's name.
    #[arg(long, value_name = "NAME")]
    by: String,
}

impl By {
    pub(crate) fn person(&self) -> Result<Person, CommandError> {
        Ok(Person::named(&self.by)?)
    }
}

/// A state that is about to be opened, and its evidence log where there is one.
pub(crate) struct Opened {
    pub(crate) place: StatePlace,
    pub(crate) evidence: Option<EvidencePlace>,
}

impl Place {
    /// The configuration that was named.
    pub(crate) fn config(&self) -> Option<&Path> {
        self.config.as_deref()
    }

    pub(crate) fn open(&self) -> Result<Opened, CommandError> {
        let place = self.state.place()?;
        let config = Config::load(self.config.as_deref())?;
        let evidence = EvidencePlace::find(&config, &place);
        Ok(Opened { place, evidence })
    }
}

impl Opened {
    /// Does something with the state.
    pub(crate) fn with<T, F>(&self, work: impl FnOnce(Store) -> F) -> Result<T, CommandError>
    where
        F: Future<Output = Result<T, CommandError>>,
    {
        self.place.with(|store| async move {
            posture_audit::migrate(&store).await?;
            work(store).await
        })
    }

    /// Publishes what was done, or says that it waits.
    pub(crate) async fn publish(&self, store: &Store) -> Result<(), CommandError> {
        if let Some(evidence) = &self.evidence {
            return evidence.publish(store, self.place.now()).await;
        }
        let count = posture_audit::waiting(store).await?;
        let mut stderr = std::io::stderr().lock();
        writeln!(
            stderr,
            "{count} records wait for an evidence log: `posture keys new NAME --file DIR.key`, where DIR is the state's folder, makes its key"
        )?;
        Ok(())
    }

    /// Does something to an assessment, and publishes it.
    pub(crate) fn act(
        &self,
        name: &str,
        by: Person,
        act: impl FnOnce(&Framework, &Assessment) -> Result<Act, CommandError>,
    ) -> Result<(), CommandError> {
        self.with(|store| async move {
            let assessment = posture_audit::assessment(&store, name).await?;
            let framework = framework_of(&store, &assessment).await?;
            let act = act(&framework, &assessment)?;
            posture_audit::act(&store, &framework, &assessment, by, act).await?;
            self.publish(&store).await
        })
    }
}

/// An assessment with its framework and evidence, as of now.
pub(crate) struct Loaded {
    pub(crate) assessment: Assessment,
    pub(crate) framework: Cow<'static, Framework>,
    pub(crate) evidence: Evidence,
    /// As of when.
    pub(crate) now: Timestamp,
}

impl Loaded {
    pub(crate) async fn load(store: &Store, name: &str) -> Result<Loaded, CommandError> {
        Loaded::part(store, name, None).await
    }

    /// The same of a part of its period.
    pub(crate) async fn part(
        store: &Store,
        name: &str,
        period: Option<Period>,
    ) -> Result<Loaded, CommandError> {
        let mut assessment = posture_audit::assessment(store, name).await?;
        if let Some(period) = period {
            assessment.scope = assessment.scope.part(period)?;
        }
        let framework = framework_of(store, &assessment).await?;
        let now = posture_audit::now(store);
        let mut evidence = Evidence::load(store, &framework, &assessment.scope, now).await?;
        evidence.imported = Imported::load(store, assessment.number).await?;
        Ok(Loaded {
            assessment,
            framework,
            evidence,
            now,
        })
    }

    /// The auditor's requests, and how each stands.
    pub(crate) fn requests(&self) -> Vec<RequestStatus> {
        posture_audit::request_statuses(&self.framework, &self.assessment, &self.evidence, self.now)
    }
}

/// The framework of this name, or the user's own in this file.
pub(crate) fn framework(name: &str) -> Result<Cow<'static, Framework>, CommandError> {
    let all = embedded().unwrap_or_default();
    if let Some(found) = all.iter().find(|framework| framework.name == name) {
        return Ok(Cow::Borrowed(found));
    }
    let own = own_framework(name)?;
    own.map(Cow::Owned)
        .ok_or_else(|| CommandError::UnknownFramework {
            name: name.to_owned(),
            nearest: nearest(all.iter().map(|framework| framework.name.as_str()), name),
        })
}

/// The framework of an assessment, in the version in which it was made: one of ours, or one that came
/// with an import.
pub(crate) async fn framework_of(
    store: &Store,
    assessment: &Assessment,
) -> Result<Cow<'static, Framework>, CommandError> {
    let (name, version) = (
        &assessment.scope.framework,
        &assessment.scope.framework_version,
    );
    if let Some(imported) = posture_audit::imported_framework(store, name, version).await? {
        return Ok(Cow::Owned(imported));
    }
    let framework = framework(name)?;
    if framework.version != *version {
        return Err(CommandError::FrameworkVersion {
            standard: framework.name.clone(),
            versions: format!("{} here, {} in the assessment", framework.version, version),
        });
    }
    Ok(framework)
}
