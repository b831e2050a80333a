package reconcile

import (
	"fmt"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

func TestJudgeSource(t *testing.T) {
	t.Parallel()
	ready := "Ready True Succeeded stored artifact"
	never := func(string) (bool, bool) { return false, true }
	unknown := func(string) (bool, bool) { return false, false }
	for name, c := range map[string]struct {
		revision   func(string) (bool, bool)
		conditions []string
		want       string
	}{
		"Fetched":         {nil, []string{ready}, "done: stored artifact"},
		"NotThereYet":     {never, []string{ready}, "revision in 2s, 0 times: it has fetched " + newRevision + ", which does not contain the wanted revision"},
		"NobodyKnows":     {unknown, []string{ready}, "done: stored artifact"},
		"OldArtifactKept": {nil, []string{"FetchFailed True GitOperationFailed unable to clone", ready}, "failed: unable to clone"},
		"Building":        {nil, []string{"Reconciling True Progressing building artifact", "ArtifactOutdated True NewRevision new upstream revision", "Ready Unknown Progressing building artifact"}, "Running: building artifact"},
		"FailedAndRetries": {
			nil,
			[]string{"Reconciling True ProgressingWithRetry x", "FetchFailed True GitOperationFailed unable to clone", "Ready False GitOperationFailed unable to clone"},
			"failed: unable to clone",
		},
		"NotSigned":      {nil, []string{"SourceVerified False InvalidCommitSignature no matching key", "Ready False InvalidCommitSignature no matching key"}, "failed: no matching key"},
		"Stalled":        {nil, []string{"Stalled True URLInvalid failed to parse url", "Ready False URLInvalid failed to parse url"}, "failed: failed to parse url"},
		"ForeignInclude": {nil, []string{"IncludeUnavailable True NotFound could not get resource for include", "Ready False NotFound could not"}, "failed: could not get resource for include"},
		"CutShort":       {nil, []string{"ArtifactOutdated True NewRevision new upstream revision", "Ready False NewRevision new upstream revision"}, "transient in 3s, 3 times: new upstream revision"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, n := schedulerOf(t, Options{Revision: c.revision}, conditions(t, gitRepository(t, "git", newRevision), c.conditions...))
			if got := say(b.judge(n)); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

func TestJudgeAnIncludeThatIsDoneAgain(t *testing.T) {
	t.Parallel()
	o := conditions(t, gitRepository(t, "git", newRevision), "IncludeUnavailable True NoArtifact not yet", "Ready False NoArtifact not yet")
	set(t, o, []any{map[string]any{"repository": map[string]any{"name": "included"}}}, "spec", "include")
	b, n := schedulerOf(t, Options{}, gitRepository(t, "included", oldRevision), o)
	if got, want := say(b.judge(n)), "artifact in 2s, 3 times: not yet"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

func TestASourceWithoutAnArtifactIsNotDone(t *testing.T) {
	t.Parallel()
	o := gitRepository(t, "git", "")
	b, n := schedulerOf(t, Options{}, o)
	if got := say(b.judge(n)); got != "failed: it is Ready, but has no artifact" {
		t.Error(got)
	}
}

func TestTheGitRevisionOfAnOCIArtifactIsItsOrigin(t *testing.T) {
	t.Parallel()
	o := object(t, `
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {namespace: flux-system, name: oci, generation: 1}
status:
  artifact: {revision: latest@sha256:abc, metadata: {org.opencontainers.image.revision: `+newRevision+`}}
  conditions: [{type: Ready, status: "True", reason: Succeeded, message: stored}]
`)
	asked := ""
	b, n := schedulerOf(t, Options{Revision: func(commit string) (bool, bool) { asked = commit; return true, true }}, o)
	if got := say(b.judge(n)); got != "done: stored" || asked != kinds.Commit(newRevision) || engines.All().Revision(o) != newRevision {
		t.Errorf("%s, asked for %q", got, asked)
	}
}

func TestJudgeStatic(t *testing.T) {
	t.Parallel()
	generator := `{apiVersion: source.extensions.fluxcd.io/v1beta1, kind: ArtifactGenerator, metadata: {namespace: flux-system, name: generator}, status: {inventory: [{namespace: flux-system, name: artifact, digest: "sha256:2"}]}}`
	artifact := `{apiVersion: source.toolkit.fluxcd.io/v1, kind: ExternalArtifact, metadata: {namespace: flux-system, name: artifact}, spec: {sourceRef: {kind: ArtifactGenerator, name: generator}}, status: %s}`
	for name, c := range map[string]struct{ status, want string }{
		"Made":       {`{artifact: {revision: latest, digest: "sha256:2"}, conditions: [{type: Ready, status: "True", message: made}]}`, "done: made"},
		"NotSeenYet": {`{artifact: {revision: latest, digest: "sha256:1"}, conditions: [{type: Ready, status: "True", message: made}]}`, "Waiting: the new artifact of its generator is not observed yet"},
		"None":       {`{}`, "Waiting: it has no artifact yet"},
		"Failed":     {`{conditions: [{type: Ready, status: "False", message: broken}]}`, "failed: broken"},
	} {
		b, n := schedulerOf(t, Options{}, object(t, generator), object(t, fmt.Sprintf(artifact, c.status)))
		if got := say(b.judge(n)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	b, n := schedulerOf(t, Options{}, object(t, `{apiVersion: source.toolkit.fluxcd.io/v1, kind: HelmRepository, metadata: {namespace: flux-system, name: charts}, spec: {type: oci}}`))
	if got := say(b.judge(n)); got != "done: an OCI registry: it is read only when a chart is fetched" {
		t.Error(got)
	}
}
