package snapshotfile

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

var takenAt = time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)

// put adds the object in text to s, decoded as by apimachinery.
func put(t *testing.T, s *facts.Snapshot, text string) facts.Ref {
	t.Helper()
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	u := &unstructured.Unstructured{}
	if err := u.UnmarshalJSON(data); err != nil {
		t.Fatal(err)
	}
	ref := facts.Ref{Plane: facts.Control, Group: u.GroupVersionKind().Group, Kind: u.GetKind(), Namespace: u.GetNamespace(), Name: u.GetName()}
	s.Put(facts.Object{Ref: ref, Outcome: facts.Found, Body: u})
	return ref
}

func write(t *testing.T, s *facts.Snapshot, o WriteOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, s, o); err != nil {
		t.Fatalf("Write: %v", err)
	}
	return b.String()
}

func read(t *testing.T, text string) *facts.Snapshot {
	t.Helper()
	s, err := Read(strings.NewReader(text), "case.yaml")
	if err != nil {
		t.Fatalf("Read: %v\n%s", err, text)
	}
	return s
}

// everything is the content of a Snapshot, for comparisons.
type everything struct {
	Subject facts.Subject
	Wanted  facts.Revision
	Changes []facts.Change
	Past    facts.Past
	TakenAt time.Time
	Masked  []string
	Objects []facts.Object
	Lists   []facts.List
	Logs    []facts.Log
}

func all(s *facts.Snapshot) everything {
	return everything{s.Subject, s.Wanted, s.Changes, s.Past, s.TakenAt, s.Masked, s.Objects(), s.Lists(), s.Logs()}
}

// sample has one result of each type.
func sample(t *testing.T) *facts.Snapshot {
	t.Helper()
	s := facts.New(facts.Subject{Namespace: "default", Project: "demo", Component: "greeter-service"}, takenAt)
	s.Wanted = facts.Revision{
		Text: "main", Commit: "70409268a1c3e5f7092b4d6f8a1c3e5f7092b4d6", From: facts.FromClone, Subject: "release greeter",
		Contains: map[string]bool{"b0": true, "a1": false},
	}
	ks := facts.Ref{Plane: facts.Control, Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization", Namespace: "flux-system", Name: "projects"}
	s.Changes = []facts.Change{
		{
			Applier: ks, Object: facts.Ref{Plane: facts.Control, Kind: "Component", Namespace: "default", Name: "other"}, File: "projects/other/component.yaml",
			Commit: "70409268a1c3e5f7092b4d6f8a1c3e5f7092b4d6", Subject: "scale other, password=hunter2", Author: "Dana", When: takenAt,
		},
		{Applier: ks, File: "projects/a.yaml"},
	}
	workload := put(t, s, `
apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata:
  name: greeter-service-workload
  namespace: default
  generation: 3
  managedFields: [{manager: kustomize-controller}]
spec:
  owner: {projectName: demo, componentName: greeter-service}
  container:
    image: ghcr.io/demo/greeter:latest
    env:
    - {key: GREETING, value: Good morning}
    - {key: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}
    files:
    - {key: app.conf, mountPath: /etc/app, value: "a = 1\nb = 2\n"}
`)
	s.Put(facts.Object{
		Ref: facts.Ref{Plane: facts.Control, Group: "openchoreo.dev", Kind: "ReleaseBinding", Namespace: "default", Name: "greeter-staging"}, Outcome: facts.Forbidden,
		Reason: `releasebindings "greeter-staging" is forbidden`,
	})
	s.PutList(facts.List{
		Query:   facts.Query{Plane: facts.Control, Group: "openchoreo.dev", Kind: "Workload", Namespace: "default", Owner: "greeter-service"},
		Outcome: facts.Found, Items: []facts.Ref{workload},
	}, nil)
	s.PutList(facts.List{Query: facts.Query{Plane: "default", Kind: "Pod"}, Outcome: facts.Unreachable, Reason: "dial tcp: timeout"}, nil)
	s.PutLog(facts.Log{
		Query:   facts.LogQuery{Pod: facts.Ref{Plane: "default", Group: "", Kind: "Pod", Namespace: "dp", Name: "greeter-0"}, Container: "main", Previous: true},
		Outcome: facts.Found, Lines: []string{"listening on :8080", "", "panic: no greeting", "\tmain.go:7"},
	})
	return s
}
