package history_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/history"
)

// TestHistory holds the times against those of the recorded objects, read by hand. The columns are: committed, merged, fetched, applied,
// rendered, started, running.
func TestHistory(t *testing.T) {
	t.Parallel()
	releases := func(t *testing.T) facts.Past {
		t.Helper()
		old := commit(t, first, "09:20:05", added(one, "registry.example.com/acme/greeter-service:1.0.0"), bound("development", one))
		old.Within = []string{badImage}
		return facts.Past{Head: badImage, Commits: []facts.Commit{
			commit(t, badImage, "09:20:19", added(two, "registry.example.com/acme/greeter-service:missing"), repinned("development", one, two)), old,
		}}
	}
	for name, c := range map[string]struct {
		scenario string
		past     func(t *testing.T) facts.Past
		change   func(t *testing.T, s *facts.Snapshot)
		want     []string
	}{
		"Healthy": {
			scenario: "healthy",
			past: func(t *testing.T) facts.Past {
				t.Helper()
				return facts.Past{Head: healthyCommit, Commits: []facts.Commit{
					commit(t, healthyCommit, "09:21:40", added(one, "a"), bound("development", one), bound("staging", one)),
				}}
			},
			want: []string{
				"development -1 running 21cf1bc 09:21:40 - 09:21:49 09:21:55 09:21:56 ? 09:21:59 lead 19",
				"staging -1 running 21cf1bc 09:21:40 - 09:21:49 09:21:55 09:21:56 ? 09:22:03 lead 23",
				"production  not bound behind staging",
			},
		},
		// The clock of the committer is ahead: what the cluster did before the commit cannot be of it.
		"ClockAhead": {
			scenario: "healthy",
			past: func(t *testing.T) facts.Past {
				t.Helper()
				return facts.Past{Head: healthyCommit, Commits: []facts.Commit{commit(t, healthyCommit, "10:00:00", added(one, "a"), bound("development", one))}}
			},
			want: []string{
				"development -1 running 21cf1bc 10:00:00 - ? ? ? ? ?",
				"staging -1 running ? ? ? 09:21:56 09:21:56 ? 09:22:03",
				"production  not bound behind staging",
			},
		},
		"NoClone": {
			scenario: "pod-image-pull",
			past:     func(*testing.T) facts.Past { return facts.Past{Reason: "no clone"} },
			want:     []string{"development -2 failed ? ? ? 09:20:28 ? 09:20:28 …"},
		},
		"BadImage": {
			scenario: "pod-image-pull", past: releases,
			want: []string{
				"development -2 failed cbfe601 09:20:19 - 09:20:20 09:20:27 ? 09:20:28 …",
				"development -1 replaced fda30ed 09:20:05 - ? 09:20:17 ? 09:20:20 ?",
			},
		},
		// A ReplicaSet that is used again keeps the creation of the first time.
		"Reverted": {
			scenario: "pod-image-pull",
			past: func(t *testing.T) facts.Past {
				t.Helper()
				past := releases(t)
				for i := range past.Commits {
					past.Commits[i].Within = append(past.Commits[i].Within, later)
				}
				past.Head, past.Commits = later, append([]facts.Commit{commit(t, later, "09:20:29", repinned("development", two, one))}, past.Commits...)
				return past
			},
			change: func(t *testing.T, s *facts.Snapshot) {
				t.Helper()
				revision := "main@sha1:" + later
				change(t, s, "GitRepository", "", set(t, revision, "status", "artifact", "revision"))
				change(t, s, "GitRepository", "", set(t, "2026-11-21T09:20:30Z", "status", "artifact", "lastUpdateTime"))
				change(t, s, "ReleaseBinding", "", set(t, one, "spec", "releaseName"))
				change(t, s, "ReleaseBinding", "", set(t, "2026-11-21T09:20:31Z", "status", "lastSpecUpdateTime"))
				change(t, s, "ReplicaSet", "54bfd4ddcb", func(u *unstructured.Unstructured) {
					u.SetAnnotations(map[string]string{"deployment.kubernetes.io/revision": "3", "deployment.kubernetes.io/revision-history": "1"})
				})
				change(t, s, "Deployment", "a9f97fde", func(u *unstructured.Unstructured) {
					containers := kinds.Items(u, "spec", "template", "spec", "containers")
					containers[0]["image"] = "registry.example.com/acme/greeter-service:1.0.0"
					for _, c := range kinds.Items(u, "status", "conditions") {
						if c["type"] == "Progressing" {
							c["reason"], c["lastUpdateTime"] = "NewReplicaSetAvailable", "2026-11-21T09:20:32Z"
						}
					}
				})
			},
			want: []string{
				"development -1 STATE 0123456 09:20:29 - 09:20:30 09:20:31 ? ? 09:20:32 lead 27",
				"development -2 replaced cbfe601 09:20:19 - ? 09:20:27 ? 09:20:28 ?",
				"development -1 replaced fda30ed 09:20:05 - ? 09:20:17 ? ? ?",
			},
		},
		// Git is ahead of the cluster.
		"NotFetched": {
			scenario: "pod-image-pull",
			past: func(t *testing.T) facts.Past {
				t.Helper()
				past := releases(t)
				newest := commit(t, later, "09:20:29", repinned("development", two, one))
				newest.Within = nil
				past.Head, past.Commits = later, append([]facts.Commit{newest}, past.Commits...)
				return past
			},
			want: []string{
				"development -1 not applied 0123456 09:20:29 - … … … … …",
				"development -2 failed cbfe601 09:20:19 - 09:20:20 09:20:27 ? 09:20:28 …",
				"development -1 replaced fda30ed 09:20:05 - ? 09:20:17 ? ? ?",
			},
		},
		// A binding that was edited with kubectl has no commit.
		"SetByHand": {
			scenario: "pod-image-pull", past: releases,
			change: func(t *testing.T, s *facts.Snapshot) {
				t.Helper()
				change(t, s, "ReleaseBinding", "", func(u *unstructured.Unstructured) {
					u.SetAnnotations(map[string]string{"kubectl-choreo.dev/spec-managers": "kubectl-edit=spec.releaseName;kustomize-controller=spec.environment"})
				})
			},
			want: []string{
				"development -2 failed ? ? ? 09:20:28 ? 09:20:28 …",
				"development -2 replaced cbfe601 09:20:19 - 09:20:20 09:20:27 ? ? ?",
				"development -1 replaced fda30ed 09:20:05 - ? 09:20:17 ? 09:20:20 ?",
			},
		},
		"WaitsForPromotion": {
			scenario: "release-not-promoted",
			past:     func(*testing.T) facts.Past { return facts.Past{} },
			want: []string{
				"development release-not-promoted-20261121-2 running ? ? ? 09:51:43 09:51:43 ? 09:51:52",
				"staging release-not-promoted-20261121-1 running ? ? ? 09:51:43 09:51:43 ? 09:51:52 behind development",
				"production  not bound behind staging",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := factstest.Scenario(t, c.scenario)
			s.Past = c.past(t)
			if c.change != nil {
				c.change(t, s)
			}
			got := told(t, s)
			if name == "Reverted" && len(got) > 0 { // the recorded pods are those of the release before the change
				state := string(history.Build(s, assess.Assess(s, s.TakenAt)).Rows[0].State)
				got[0] = strings.Replace(got[0], "-1 "+state, "-1 STATE", 1)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
