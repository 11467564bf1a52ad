//! `GET /healthz`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::backend::Backend;
use crate::serve::Web;

pub(crate) async fn read<B: Backend>(State(web): State<Arc<Web<B>>>) -> (StatusCode, &'static str) {
    if web.backend.is_well().await {
        (StatusCode::OK, "ok\n")
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "the state does not answer\n",
        )
    }
}
