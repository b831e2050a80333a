package history_test

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestGuards: each time that a field has after something else has written it is not taken for that of the commit. The world is that of a bad
// image: the commit is from 09:20:19, its release from 09:20:27.
func TestGuards(t *testing.T) {
	t.Parallel()
	both := []facts.ObjectChange{added(two, "registry.example.com/acme/greeter-service:missing"), repinned("development", one, two)}
	pinnedOnly := both[1:]
	overrides := facts.ObjectChange{Object: pinnedOnly[0].Object, Environment: "development", Release: two, Fields: []facts.FieldChange{{Path: "spec.note"}}}
	history := func(t *testing.T, entry map[string]any) func(*unstructured.Unstructured) {
		t.Helper()
		return func(u *unstructured.Unstructured) {
			for key, value := range entry {
				kinds.Items(u, "status", "history")[0][key] = value
			}
		}
	}
	for name, c := range map[string]struct {
		changes []facts.ObjectChange
		others  func(t *testing.T, p *facts.Past)
		change  func(t *testing.T, s *facts.Snapshot)
		row     int
		want    string
	}{
		"Unchanged": {changes: both, want: "development -2 failed cbfe601 09:20:19 - 09:20:20 09:20:27 ? 09:20:28 …"},
		"PinnedOnly": {
			changes: pinnedOnly, want: "development -2 failed cbfe601 09:20:19 - 09:20:20 09:20:31 ? ? …",
			change: func(t *testing.T, s *facts.Snapshot) {
				t.Helper()
				change(t, s, "ReleaseBinding", "", set(t, "2026-11-21T09:20:31Z", "status", "lastSpecUpdateTime"))
			},
		},
		"ChangedLater": {
			changes: pinnedOnly, row: 0, want: "development -2 failed cbfe601 09:20:19 - 09:20:20 09:20:28 ? 09:20:28 …",
			others: func(t *testing.T, p *facts.Past) {
				t.Helper()
				p.Commits = append([]facts.Commit{commit(t, later, "09:20:29", overrides)}, p.Commits...)
			},
			change: func(t *testing.T, s *facts.Snapshot) {
				t.Helper()
				change(t, s, "ReleaseBinding", "", set(t, "2026-11-21T09:20:31Z", "status", "lastSpecUpdateTime"))
			},
		},
		"SetByHandSince": {
			changes: pinnedOnly, row: 1, want: "development -2 replaced cbfe601 09:20:19 - 09:20:20 09:20:28 ? ? ?",
			change: func(t *testing.T, s *facts.Snapshot) {
				t.Helper()
				change(t, s, "ReleaseBinding", "", func(u *unstructured.Unstructured) {
					u.SetAnnotations(map[string]string{"kubectl-choreo.dev/spec-managers": "kubectl-edit=spec.releaseName;kustomize-controller=spec.environment"})
				})
				change(t, s, "ReleaseBinding", "", set(t, "2026-11-21T09:20:31Z", "status", "lastSpecUpdateTime"))
			},
		},
		"SeveralRuns": {
			changes: pinnedOnly, want: "development -2 failed cbfe601 09:20:19 - 09:20:20 ? ? 09:20:28 …",
			change: func(t *testing.T, s *facts.Snapshot) {
				t.Helper()
				change(t, s, "ReleaseBinding", "", set(t, int64(1), "status", "observedGeneration"))
				change(t, s, "Kustomization", "-projects", history(t, map[string]any{"totalReconciliations": int64(2)}))
			},
		},
		// The revision contains the commit, and the one before it is not in the clone: it may contain it as well.
		"BeforeTheClone": {
			changes: pinnedOnly, want: "development -2 failed cbfe601 09:20:19 - ? ? ? 09:20:28 …",
			others: func(_ *testing.T, p *facts.Past) { p.Commits[0].Within = []string{later} },
			change: func(t *testing.T, s *facts.Snapshot) {
				t.Helper()
				change(t, s, "ReleaseBinding", "", set(t, int64(1), "status", "observedGeneration"))
				change(t, s, "Kustomization", "-projects", history(t, map[string]any{"metadata": map[string]any{"revision": "main@sha1:" + later}}))
				change(t, s, "GitRepository", "", set(t, "main@sha1:"+later, "status", "artifact", "revision"))
			},
		},
		"StoredAgain": {
			changes: both, want: "development -2 failed cbfe601 09:20:19 - ? 09:20:27 ? 09:20:28 …",
			change: func(t *testing.T, s *facts.Snapshot) {
				t.Helper()
				change(t, s, "GitRepository", "", set(t, "2026-11-21T09:20:31Z", "status", "artifact", "lastUpdateTime"))
			},
		},
		"ReplicaSetUsedBefore": {
			changes: both, want: "development -2 failed cbfe601 09:20:19 - 09:20:20 09:20:27 ? ? …",
			change: func(t *testing.T, s *facts.Snapshot) {
				t.Helper()
				change(t, s, "ReplicaSet", "77d6f44889", set(t, "1", "metadata", "annotations", "deployment.kubernetes.io/revision-history"))
			},
		},
		"PodsUnchanged": {
			changes: both, want: "development -2 failed cbfe601 09:20:19 - 09:20:20 09:20:27 ? ? …",
			change: func(t *testing.T, s *facts.Snapshot) {
				t.Helper()
				change(t, s, "ReplicaSet", "77d6f44889", set(t, "2026-11-21T09:20:25Z", "metadata", "creationTimestamp"))
			},
		},
		// The rollout that is complete is of the release before.
		"OtherImage": {
			changes: both, want: "development -2 failed cbfe601 09:20:19 - 09:20:20 09:20:27 ? 09:20:28 …",
			change: func(t *testing.T, s *facts.Snapshot) {
				t.Helper()
				change(t, s, "Deployment", "a9f97fde", func(u *unstructured.Unstructured) {
					kinds.Items(u, "spec", "template", "spec", "containers")[0]["image"] = "registry.example.com/acme/greeter-service:1.0.0"
					for _, c := range kinds.Items(u, "status", "conditions") {
						c["reason"], c["lastUpdateTime"] = "NewReplicaSetAvailable", "2026-11-21T09:20:31Z"
					}
				})
			},
		},
		// Git pins the same release again, in a commit that is not applied.
		"PinnedAgain": {
			changes: both, row: 2, want: "development -2 failed cbfe601 09:20:19 - 09:20:20 09:20:27 ? 09:20:28 …",
			others: func(t *testing.T, p *facts.Past) {
				t.Helper()
				back, again := commit(t, later, "09:20:29", repinned("development", two, one)), commit(t, "1"+later[1:], "09:20:30", repinned("development", one, two))
				back.Within, again.Within = nil, nil
				p.Commits = append([]facts.Commit{again, back}, p.Commits...)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := factstest.Scenario(t, "pod-image-pull")
			s.Past = facts.Past{Head: badImage, Commits: []facts.Commit{commit(t, badImage, "09:20:19", c.changes...)}}
			if c.others != nil {
				c.others(t, &s.Past)
			}
			if c.change != nil {
				c.change(t, s)
			}
			if got := told(t, s); len(got) <= c.row || got[c.row] != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// TestRenderedAgain: a RenderedRelease that was changed after the release ran was changed for something else.
func TestRenderedAgain(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]string{
		"09:21:57": "development -1 running ? ? ? 09:21:56 09:21:57 ? 09:21:59",
		"09:22:05": "development -1 running ? ? ? 09:21:56 ? ? 09:21:59",
		"09:21:50": "development -1 running ? ? ? 09:21:56 ? ? 09:21:59",
	} {
		s := factstest.Scenario(t, "healthy")
		change(t, s, "RenderedRelease", "greeter-service-development", func(u *unstructured.Unstructured) {
			u.SetAnnotations(map[string]string{"kubectl-choreo.dev/spec-manager-times": "openchoreo-manager=2026-11-21T" + at + "Z"})
		})
		if got := told(t, s); got[0] != want {
			t.Errorf("%s: %q, want %q", at, got[0], want)
		}
	}
}
