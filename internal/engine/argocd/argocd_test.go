package argocd

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/reconciletest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func application(t *testing.T, spec, status string) facts.Object {
	t.Helper()
	return reconciletest.Object(t, fmt.Sprintf(`{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {namespace: argocd, name: a}, spec: %s, status: %s}`, spec, status))
}

const (
	first  = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	second = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

func TestDeployedRevision(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ status, want string }{
		"Nothing":          {`{}`, ""},
		"SyncedWithoutRun": {`{reconciledAt: "2026-11-21T12:00:00Z", sync: {status: Synced, revision: ` + second + `}}`, "sha1:" + second},
		"ComparedBefore":   {`{reconciledAt: "2026-11-21T12:00:00Z", sync: {status: Synced, revision: ` + first + `}, operationState: {phase: Succeeded, finishedAt: "2026-11-21T12:00:01Z", syncResult: {revision: ` + second + `}}}`, "sha1:" + second},
		"OutOfSync":        {`{reconciledAt: "2026-11-21T12:00:00Z", sync: {status: OutOfSync, revision: ` + second + `}, operationState: {phase: Succeeded, syncResult: {revision: ` + first + `}}}`, "sha1:" + first},
		"FailedSync":       {`{sync: {status: OutOfSync, revision: ` + second + `}, operationState: {phase: Failed, syncResult: {revision: ` + second + `}}, history: [{revision: x}, {revision: ` + first + `}]}`, "sha1:" + first},
		"AnotherSource":    {`{reconciledAt: "2026-11-21T12:00:00Z", sync: {status: Synced, revision: ` + second + `, comparedTo: {source: {path: old}}}, history: [{revision: ` + first + `}]}`, "sha1:" + first},
	} {
		if got := deployedRevision(application(t, `{source: {path: new}}`, c.status)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestFetchedAndContents(t *testing.T) {
	t.Parallel()
	status := `{sync: {revisions: [1.0.0, ` + first + `]}}`
	several := application(t, `{sources: [{chart: x}, {repoURL: "https://git/b", path: b}]}`, status)
	got, ok := Engine{}.Fetched(several.Body)
	if diff := cmp.Diff(engine.Fetched{URL: "https://git/b", Revision: "sha1:" + first, By: "Argo CD"}, got); diff != "" || !ok {
		t.Errorf("(-want +got)\n%s", diff)
	}
	want := []engine.Content{{URL: "https://git/b", Path: "b", Field: "spec.sources[1].path", AsIs: true, Flat: true}}
	if diff := cmp.Diff(want, Engine{}.Contents(several.Body)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for spec, want := range map[string]engine.Content{
		`{source: {repoURL: "https://git/a", path: a}}`: {URL: "https://git/a", Path: "a", Field: "spec.source.path", AsIs: true, Flat: true},
		`{source: {repoURL: u, path: a, targetRevision: HEAD, directory: {recurse: true, include: "*.yaml", exclude: x}}, destination: {server: "https://kubernetes.default.svc", namespace: shop}}`: {
			URL: "u", Path: "a", Field: "spec.source.path", AsIs: true, Include: "*.yaml", Exclude: "x", Namespace: "shop",
		},
		`{source: {repoURL: u, path: a, plugin: {name: p}}}`:                             {URL: "u", Path: "a", Field: "spec.source.path", AsIs: true, Flat: true, Plugin: true},
		`{source: {repoURL: u, path: a, targetRevision: v1}, destination: {name: east}}`: {URL: "u", Revision: "v1", Path: "a", Field: "spec.source.path", AsIs: true, Flat: true, Cluster: "east"},
	} {
		if diff := cmp.Diff([]engine.Content{want}, Engine{}.Contents(application(t, spec, `{}`).Body)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", spec, diff)
		}
	}
}

func TestAutomation(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string][2]bool{
		`{}`:                              {false, false},
		`{syncPolicy: {automated: null}}`: {false, false},
		`{syncPolicy: {automated: {}}}`:   {true, false},
		`{syncPolicy: {automated: {enabled: false, selfHeal: true}}}`: {false, false},
		`{syncPolicy: {automated: {enabled: true, selfHeal: true}}}`:  {true, true},
	} {
		automated, heals := automation(application(t, spec, `{}`))
		if got := [2]bool{automated, heals}; got != want {
			t.Errorf("%s: %v, want %v", spec, got, want)
		}
	}
}
