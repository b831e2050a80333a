package changes_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const (
	one      = "greeter-service-20261121-1"
	two      = "greeter-service-20261121-2"
	badImage = "cbfe601000000000000000000000000000000000" // what the source of the scenario has, in its first characters
	rollout  = "0s rollout new pods of release greeter-service-20261121-2: image of container main greeter-service:1.0.0 → greeter-service:missing"
)

// at is a time on the day of the recording.
func at(t *testing.T, clock string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, "2026-11-21T"+clock+"Z")
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// changesOf are the changes before the failure of a Snapshot, one a line.
func changesOf(s *facts.Snapshot) []string {
	tr := assess.Assess(s, s.TakenAt)
	if tr.Failing == nil {
		return []string{"nothing fails"}
	}
	var all []string
	for _, c := range tr.Failing.Changes {
		all = append(all, fmt.Sprintf("%s %s %s", time.Duration(c.BeforeSeconds)*time.Second, c.Kind, c.Message))
	}
	return all
}

// alter changes the objects of a kind whose names contain a text.
func alter(s *facts.Snapshot, kind, name string, change func(*unstructured.Unstructured)) {
	for _, o := range s.Objects() {
		if o.Ref.Kind == kind && strings.Contains(o.Ref.Name, name) && o.Body != nil {
			o.Body = o.Body.DeepCopy()
			change(o.Body)
			s.Put(o)
		}
	}
}

func annotate(key, value string) func(*unstructured.Unstructured) {
	return func(u *unstructured.Unstructured) {
		annotations := u.GetAnnotations()
		if annotations == nil {
			annotations = map[string]string{}
		}
		annotations[key] = value
		u.SetAnnotations(annotations)
	}
}

func setBy(managers string) func(*unstructured.Unstructured) {
	return annotate("kubectl-choreo.dev/spec-manager-times", managers)
}

// bad is the commit of the scenario pod-image-pull: it adds the second release and pins it in an environment.
func bad(t *testing.T, clock, environment string) facts.Commit {
	t.Helper()
	ref := func(kind, name string) facts.Ref {
		return facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: "pod-image-pull", Name: name}
	}
	return facts.Commit{
		ID: badImage, Author: "Ana", Subject: "Greeter 2", Time: at(t, clock), Within: []string{badImage},
		Changes: []facts.ObjectChange{
			{Object: ref("ComponentRelease", two), File: "releases/2.yaml", Added: true, Image: "registry.example.com/acme/greeter-service:missing", Release: ""},
			{
				Object: ref("ReleaseBinding", "greeter-service-"+environment), File: "bindings/" + environment + ".yaml", Environment: environment, Release: two,
				Fields: []facts.FieldChange{{Path: "spec.releaseName", Old: one, New: two}},
			},
		},
	}
}

type testCase struct {
	scenario string
	change   func(t *testing.T, s *facts.Snapshot)
	want     []string
}

func check(t *testing.T, cases map[string]testCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := factstest.Scenario(t, c.scenario)
			if c.change != nil {
				c.change(t, s)
			}
			if diff := cmp.Diff(c.want, changesOf(s)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestRollouts: the pod of the scenario was created at 09:20:28, with its ReplicaSet.
func TestRollouts(t *testing.T) {
	t.Parallel()
	check(t, map[string]testCase{
		"NewImage": {scenario: "pod-image-pull", want: []string{rollout}},
		// The ReplicaSet was used before, so its creation is not the time of this change. That of the binding is left.
		"UsedAgain": {
			scenario: "pod-image-pull",
			change: func(_ *testing.T, s *facts.Snapshot) {
				alter(s, "ReplicaSet", "77d6f44889", annotate("deployment.kubernetes.io/revision-history", "1"))
			},
			want: []string{"0s edit the spec of ReleaseBinding pod-image-pull/greeter-service-development, which pins release " + two},
		},
		// The first pods of a component are no change.
		"NoFormerPods": {
			scenario: "pod-image-pull",
			change: func(_ *testing.T, s *facts.Snapshot) {
				alter(s, "ReplicaSet", "54bfd4ddcb", annotate("deployment.kubernetes.io/revision", "0"))
				alter(s, "ReleaseBinding", "development", func(u *unstructured.Unstructured) {
					unstructured.RemoveNestedField(u.Object, "status", "lastSpecUpdateTime")
				})
			},
		},
		// A variable may be confidential: its name alone is shown.
		"Variable": {
			scenario: "pod-image-pull",
			change: func(_ *testing.T, s *facts.Snapshot) {
				alter(s, "ReplicaSet", "77d6f44889", func(u *unstructured.Unstructured) {
					containers := kinds.Items(u, "spec", "template", "spec", "containers")
					containers[0]["image"] = "registry.example.com/acme/greeter-service:1.0.0"
					containers[0]["env"] = []any{map[string]any{"name": "TOKEN", "value": "s3cr3t-value"}}
				})
			},
			want: []string{"0s rollout new pods of release greeter-service-20261121-2: env[TOKEN] of container main"},
		},
		"Resources": {
			scenario: "pod-unschedulable",
			want: []string{"0s rollout new pods of release greeter-service-20261121-1: resources.limits.cpu of container main 100m → 1k, " +
				"resources.requests.cpu of container main 100m → 1k"},
		},
		// The container has crashed from the start on, so its failure began with its pod.
		"CrashesFromTheStart": {
			scenario: "pod-crash-loop",
			want:     []string{"0s rollout new pods of release greeter-service-20261121-2: image of container main greeter-service:1.0.0 → greeter-service:crash"},
		},
		"Healthy": {scenario: "healthy", want: []string{"nothing fails"}},
	})
}

// TestCommits: the release of the commit was created at 09:20:27, one second before the pod.
func TestCommits(t *testing.T) {
	t.Parallel()
	past := func(commits ...func(t *testing.T) facts.Commit) func(t *testing.T, s *facts.Snapshot) {
		return func(t *testing.T, s *facts.Snapshot) {
			t.Helper()
			s.Past.Head = badImage
			for _, commit := range commits {
				s.Past.Commits = append(s.Past.Commits, commit(t))
			}
		}
	}
	const commit = "1s commit commit cbfe601 by Ana, releases/2.yaml: ComponentRelease greeter-service-20261121-2 added, image greeter-service:missing"
	check(t, map[string]testCase{
		"Applied": {
			scenario: "pod-image-pull", change: past(func(t *testing.T) facts.Commit { t.Helper(); return bad(t, "09:20:19", "development") }),
			want: []string{commit},
		},
		// The pod fails because of its image, whenever that was set.
		"SetLongAgo": {
			scenario: "pod-image-pull",
			change: func(t *testing.T, s *facts.Snapshot) {
				t.Helper()
				old := bad(t, "09:20:19", "development")
				old.Time = old.Time.Add(-72 * time.Hour)
				alter(s, "ComponentRelease", two, func(u *unstructured.Unstructured) { u.SetCreationTimestamp(metaTime(old.Time.Add(-time.Hour))) })
				alter(s, "ReleaseBinding", "development", func(u *unstructured.Unstructured) {
					unstructured.RemoveNestedField(u.Object, "status", "lastSpecUpdateTime")
				})
				alter(s, "Kustomization", "", func(u *unstructured.Unstructured) { unstructured.RemoveNestedField(u.Object, "status", "history") })
				past(func(*testing.T) facts.Commit { return old })(t, s)
			},
			want: []string{strings.Replace(commit, "1s", "72h0m9s", 1)},
		},
		"NotInTheCluster": {
			scenario: "pod-image-pull",
			change: past(func(t *testing.T) facts.Commit {
				t.Helper()
				c := bad(t, "09:20:19", "development")
				c.Within = nil
				return c
			}),
			want: []string{rollout},
		},
		"AfterTheFailure": {
			scenario: "pod-image-pull", change: past(func(t *testing.T) facts.Commit { t.Helper(); return bad(t, "09:20:29", "development") }),
			want: []string{rollout},
		},
		// The release that the first commit pinned is pinned no more.
		"Replaced": {
			scenario: "pod-image-pull",
			change: past(func(t *testing.T) facts.Commit { t.Helper(); return bad(t, "09:20:19", "development") }, func(t *testing.T) facts.Commit {
				t.Helper()
				c := bad(t, "09:20:05", "development")
				c.ID, c.Changes = strings.Repeat("d", 40), c.Changes[1:]
				c.Changes[0].Release, c.Changes[0].Fields, c.Changes[0].Added = one, nil, true
				return c
			}),
			want: []string{commit},
		},
		"OfAnotherEnvironment": {
			scenario: "pod-image-pull",
			change: past(func(t *testing.T) facts.Commit {
				t.Helper()
				c := bad(t, "09:20:19", "staging")
				c.Changes = c.Changes[1:]
				return c
			}),
			want: []string{rollout},
		},
	})
}

func metaTime(t time.Time) metav1.Time { return metav1.NewTime(t) }
