package snapshotfile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// secrets are set in every field of a Snapshot that may hold one.
var secrets = []string{"value-of-env", "value-of-file", "value-of-map", "dmFsdWUtb2Ytc2VjcmV0", "in-a-message", "in-a-commit", "in-a-log", "in-a-reason", "in-the-past", "in-a-field"}

func secretive(t *testing.T) *facts.Snapshot {
	t.Helper()
	s := facts.New(facts.Subject{Namespace: "default", Component: "greeter"}, takenAt)
	put(t, s, `{apiVersion: v1, kind: Pod, metadata: {name: greeter}, spec: {containers: [{name: main, env: [{name: A, value: value-of-env}]}]},
	  status: {message: "login failed: password=in-a-message"}}`)
	put(t, s, `{apiVersion: openchoreo.dev/v1alpha1, kind: Workload, metadata: {name: greeter},
	  spec: {container: {env: [{key: A, value: value-of-env}], files: [{key: app.conf, value: value-of-file}]}}}`)
	put(t, s, `{apiVersion: v1, kind: ConfigMap, metadata: {name: greeter}, data: {k: value-of-map}}`)
	put(t, s, `{apiVersion: v1, kind: Secret, metadata: {name: greeter}, data: {k: dmFsdWUtb2Ytc2VjcmV0}}`)
	s.Changes = []facts.Change{{Applier: facts.Ref{Plane: facts.Control, Kind: "Kustomization", Name: "a"}, File: "a.yaml", Subject: "set password=in-a-commit"}}
	s.Past.Commits = []facts.Commit{{ID: "a", Subject: "set password=in-the-past", Changes: []facts.ObjectChange{
		{File: "a.yaml", Fields: []facts.FieldChange{{Path: "spec.parameters.note", Old: "https://u:in-a-field@host"}}},
	}}}
	s.Put(facts.Object{Ref: facts.Ref{Plane: facts.Control, Kind: "Project", Name: "demo"}, Outcome: facts.Unreachable, Reason: "Get https://u:in-a-reason@host: refused"})
	s.PutLog(facts.Log{Query: facts.LogQuery{Pod: facts.Ref{Plane: facts.Control, Kind: "Pod", Name: "greeter"}, Container: "main"}, Outcome: facts.Found, Lines: []string{"starts", "password=in-a-log"}})
	return s
}

// TestMask expects that no masked value remains in the copy, and that the original keeps all of them.
func TestMask(t *testing.T) {
	t.Parallel()
	s := secretive(t)
	masked, err := Mask(s, WriteOptions{Logs: true})
	if err != nil {
		t.Fatal(err)
	}
	before, after := spelled(t, s), spelled(t, masked)
	for _, secret := range secrets {
		if !strings.Contains(before, secret) || strings.Contains(after, secret) {
			t.Errorf("%s: in the original: %t, in the copy: %t", secret, strings.Contains(before, secret), strings.Contains(after, secret))
		}
	}
	if diff := cmp.Diff(all(secretive(t)), all(s)); diff != "" {
		t.Errorf("the original was changed: -before, +after:\n%s", diff)
	}
	said := strings.Join(masked.Masked, "; ")
	for _, what := range []string{"environment values: 2", "file contents: 1", "ConfigMap data: 1", "Secret data: 1"} {
		if !strings.Contains(said, what) {
			t.Errorf("it does not say %q, but %q", what, said)
		}
	}
}

// spelled returns the whole content of s as one text.
func spelled(t *testing.T, s *facts.Snapshot) string {
	t.Helper()
	var text strings.Builder
	fmt.Fprintf(&text, "%+v %+v %+v %+v %+v", s.Subject, s.Wanted, s.Changes, s.Past, s.Logs())
	for _, o := range s.Objects() {
		fmt.Fprintf(&text, " %s %s", o.Ref, o.Reason)
		if o.Body != nil {
			fmt.Fprintf(&text, " %v", o.Body.Object)
		}
	}
	return text.String()
}

// TestMaskKeepsTheRest expects names, outcomes and lists, which an assessment needs.
func TestMaskKeepsTheRest(t *testing.T) {
	t.Parallel()
	s := sample(t)
	masked, err := Mask(s, WriteOptions{Logs: true})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s.Lists(), masked.Lists()); diff != "" {
		t.Errorf("lists: -want, +got:\n%s", diff)
	}
	if diff := cmp.Diff(s.Logs(), masked.Logs()); diff != "" {
		t.Errorf("logs without a secret in them: -want, +got:\n%s", diff)
	}
	if diff := cmp.Diff([]any{s.Subject, s.Wanted, s.TakenAt}, []any{masked.Subject, masked.Wanted, masked.TakenAt}); diff != "" {
		t.Errorf("what it is about: -want, +got:\n%s", diff)
	}
	for _, o := range s.Objects() {
		if got := masked.Object(o.Ref); got.Outcome != o.Outcome || got.Reason != o.Reason {
			t.Errorf("%s: %s %q, want %s %q", o.Ref, got.Outcome, got.Reason, o.Outcome, o.Reason)
		}
	}
}

func TestMaskLeavesLogsOut(t *testing.T) {
	t.Parallel()
	masked, err := Mask(secretive(t), WriteOptions{})
	if err != nil || len(masked.Logs()) > 0 {
		t.Errorf("error %v, logs %v", err, masked.Logs())
	}
}

// TestMaskTwice expects that a second masking changes nothing.
func TestMaskTwice(t *testing.T) {
	t.Parallel()
	once, err := Mask(secretive(t), WriteOptions{Logs: true})
	if err != nil {
		t.Fatal(err)
	}
	twice, err := Mask(once, WriteOptions{Logs: true})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(all(once), all(twice)); diff != "" {
		t.Errorf("-once, +twice:\n%s", diff)
	}
}

// TestMaskRefuses expects no output if a value cannot be masked.
func TestMaskRefuses(t *testing.T) {
	t.Parallel()
	s := facts.New(facts.Subject{Component: "greeter"}, takenAt)
	s.Put(facts.Object{Ref: facts.Ref{Plane: facts.Control, Kind: "Thing", Name: "a"}, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{"spec": 3}}})
	if masked, err := Mask(s, WriteOptions{}); err == nil || masked != nil {
		t.Errorf("error %v, snapshot %v", err, masked)
	}
}

// TestMaskingKeepsComparisons expects the same results of comparisons from a masked file.
func TestMaskingKeepsComparisons(t *testing.T) {
	s := facts.New(facts.Subject{Component: "a"}, takenAt)
	workload := put(t, s, `{apiVersion: openchoreo.dev/v1alpha1, kind: Workload, metadata: {name: a}, spec: {container: {image: i, env: [{key: A, value: b}], args: ["--token=x"]}}}`)
	same := put(t, s, `{apiVersion: openchoreo.dev/v1alpha1, kind: ComponentRelease, metadata: {name: a-1}, spec: {workload: {container: {image: i, env: [{key: A, value: b}], args: ["--token=x"]}}}}`)
	other := put(t, s, `{apiVersion: openchoreo.dev/v1alpha1, kind: ComponentRelease, metadata: {name: a-2}, spec: {workload: {container: {image: i, env: [{key: A, value: c}], args: ["--token=x"]}}}}`)
	third := put(t, s, `{apiVersion: openchoreo.dev/v1alpha1, kind: ComponentRelease, metadata: {name: a-3}, spec: {workload: {container: {image: i, env: [{key: A, value: b}], args: ["--token=y"]}}}}`)

	got := read(t, write(t, s, WriteOptions{}))
	container := func(ref facts.Ref, path ...string) any {
		v, _, _ := unstructured.NestedFieldNoCopy(got.Object(ref).Body.Object, append(path, "container")...)
		return v
	}
	for ref, want := range map[facts.Ref]bool{same: true, other: false, third: false} {
		if equal := cmp.Equal(container(workload, "spec"), container(ref, "spec", "workload")); equal != want {
			t.Errorf("%s equals the workload: want %t, got %t", ref, want, equal)
		}
	}
}

// TestMaskAgain expects that a masked file is unchanged after it is read and written again, for any mixture of values.
func TestMaskAgain(t *testing.T) {
	s := facts.New(facts.Subject{Component: "a"}, takenAt)
	s.Wanted = facts.Revision{Text: "main", Reason: "cannot ask https://u:p@h: bearer abcdef123456"}
	put(t, s, `{apiVersion: v1, kind: Pod, metadata: {name: a, annotations: {z: '{"token":"t","a":{"secret":"s"}}'}},
	  status: {message: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln password=q"}, spec: {env: [{name: A, value: t}, {name: B, value: ""}]}}`)
	put(t, s, `{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {k: c2VjcmV0, l: dA==}}`)
	s.PutLog(facts.Log{Query: facts.LogQuery{Pod: facts.Ref{Plane: facts.Control, Kind: "Pod", Name: "a"}, Container: "c"}, Outcome: facts.Found, Lines: []string{"-----BEGIN PRIVATE KEY-----", "x"}})
	for name, o := range map[string]WriteOptions{"WithoutLogs": {}, "WithLogs": {Logs: true}} {
		t.Run(name, func(t *testing.T) {
			first := write(t, s, o)
			if strings.Contains(first, "c2VjcmV0") || strings.Contains(first, "eyJ") {
				t.Errorf("not masked:\n%s", first)
			}
			if diff := cmp.Diff(first, write(t, read(t, first), o)); diff != "" {
				t.Errorf("Write(Read(file)): -file, +again:\n%s", diff)
			}
		})
	}
}

func TestCoreSecretIsAlwaysMasked(t *testing.T) {
	s := facts.New(facts.Subject{Component: "a"}, takenAt)
	put(t, s, `{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {k: c2VjcmV0}}`)
	if file := write(t, s, WriteOptions{IncludeValues: true}); strings.Contains(file, "c2VjcmV0") || !strings.Contains(file, "Secret data: 1") {
		t.Errorf("Write with values let a Secret out:\n%s", file)
	}
}
