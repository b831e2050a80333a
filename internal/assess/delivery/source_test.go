package delivery_test

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestSource covers the state of the GitRepository.
func TestSource(t *testing.T) {
	t.Parallel()
	assesstest.Check(t, assess.Assess, map[string]assesstest.Case{
		"SourceAbsent": {Change: func(w assesstest.World) { w.Answer(w.One("GitRepository", ""), facts.Absent) }, Want: assesstest.Failed(trace.RungSource, "", trace.CodeSourceNotFound, "GitRepository")},
		"SourceFailsWithItsArtifactKept": {Change: func(w assesstest.World) {
			w.Condition(w.One("GitRepository", ""), time.Hour, "FetchFailed", "True", "GitOperationFailed", "authentication required")
		}, Want: assesstest.Failed(trace.RungSource, "", trace.CodeSourceAuthenticationFailed, "GitRepository")},
		"SourceVerificationFails": {Change: func(w assesstest.World) {
			w.Condition(w.One("GitRepository", ""), time.Hour, "SourceVerified", "False", "InvalidCommitSignature", "signature is empty")
		}, Want: assesstest.Failed(trace.RungSource, "", trace.CodeSourceVerificationFailed, "GitRepository")},
		"SourceSuspendedAtTheWantedRevision": {Change: func(w assesstest.World) {
			w.Set(w.One("GitRepository", ""), true, "spec", "suspend")
		}, Want: assesstest.Outcome{Verdict: trace.VerdictHealthy}},
		"SourceWasCutShort": {Change: func(w assesstest.World) {
			w.Condition(w.One("GitRepository", ""), time.Second, "Ready", "False", "NewRevision", "new upstream revision")
			w.Condition(w.One("GitRepository", ""), time.Second, "ArtifactOutdated", "True", "NewRevision", "new upstream revision")
		}, Want: assesstest.Outcome{Verdict: trace.VerdictProgressing}},
		"SourceFetchesForTooLong": {Change: func(w assesstest.World) {
			w.Condition(w.One("GitRepository", ""), time.Hour, "Ready", "Unknown", "Progressing", "building artifact")
		}, Want: assesstest.Failed(trace.RungSource, "", trace.CodeSourceNotReady, "GitRepository")},
	})
}
