package printers

import (
	"bytes"
	"hash/fnv"
	"io"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
)

// judged assesses a file and prints it in every format: what Read accepts must not make anything panic.
func judged(t *testing.T, file string) {
	t.Helper()
	s, err := snapshotfile.Read(strings.NewReader(file), "fuzz")
	if err != nil {
		return
	}
	tr := assess.Assess(s, s.TakenAt)
	for _, format := range Formats() {
		p, err := New(format, Options{Now: s.TakenAt, Snapshot: s})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Print(io.Discard, tr); err != nil {
			t.Errorf("%s: %v", format, err)
		}
	}
}

const fileHeader = "apiVersion: kubectl-choreo.dev/v1alpha1\nkind: Snapshot\ntakenAt: \"2026-11-21T04:00:00Z\"\nsubject: {namespace: default, component: a}\n"

// FuzzReadAndPrint: any file.
func FuzzReadAndPrint(f *testing.F) {
	control := func(kind, name, rest string) string {
		return "---\nref: {plane: control, group: openchoreo.dev, kind: " + kind + ", namespace: default, name: " + name + "}\n" + rest
	}
	owned := "outcome: Found\nobject: {spec: {owner: {componentName: a, projectName: p}, environment: dev, releaseName: ../r, environmentName: dev}}\n"
	f.Add(fileHeader + control("Component", "a", "outcome: Found\n") + "...\n")
	f.Add(fileHeader + control("Component", "a", owned) + control("ReleaseBinding", "b", owned) + control("ComponentRelease", "../r", "outcome: Invalid\nreason: x\n") + "...\n")
	f.Add(fileHeader + control("RenderedRelease", "r", "outcome: Found\nobject: {metadata: x, spec: [], status: null}\n") + "...\n")
	f.Add(fileHeader + "---\nquery: {plane: control, group: openchoreo.dev, kind: ReleaseBinding, namespace: default, owner: a}\noutcome: Found\nitems: [default/b]\n...\n")
	f.Fuzz(judged)
}

// FuzzSnapshotAndPrint: a recorded file of which some values have become others, of any type.
func FuzzSnapshotAndPrint(f *testing.F) {
	names := []string{"healthy", "pod-crash-loop", "helm-release-failed", "argo-synced", "connection-provider-unbound", "kinds-healthy"}
	var all []*facts.Snapshot
	for i, name := range names {
		all = append(all, factstest.Scenario(f, name))
		for seed := range uint64(4) {
			f.Add(uint8(i), seed, uint8(20), "../../secrets/a")
		}
	}
	f.Fuzz(func(t *testing.T, scenario uint8, seed uint64, spare uint8, text string) {
		s := all[int(scenario)%len(all)]
		m := mutation{seed, uint64(spare) + 2, strings.ToValidUTF8(text, "?")}
		changed := facts.New(s.Subject, s.TakenAt)
		for _, o := range s.Objects() {
			if o.Body != nil {
				object, _ := m.of(o.Ref.String(), o.Body.DeepCopy().Object).(map[string]any)
				o.Body = &unstructured.Unstructured{Object: object}
				if object == nil {
					o.Outcome, o.Body = facts.Invalid, nil
				}
			}
			changed.Put(o)
		}
		for _, l := range s.Lists() {
			changed.PutList(l, nil)
		}
		var file bytes.Buffer
		if err := snapshotfile.Write(&file, changed, snapshotfile.WriteOptions{IncludeValues: true}); err != nil {
			t.Fatal(err)
		}
		judged(t, file.String())
	})
}

// mutation changes one value in so many.
type mutation struct {
	seed, spare uint64
	text        string
}

func (m mutation) of(path string, v any) any {
	h := fnv.New64a()
	_, _ = h.Write([]byte(path))
	hash := h.Sum64() ^ m.seed*0x9e3779b97f4a7c15
	if hash%m.spare == 0 {
		others := []any{nil, m.text, "", int64(-1), 1.5, true, []any{}, []any{nil, m.text}, map[string]any{}, map[string]any{m.text: m.text}}
		return others[hash/m.spare%uint64(len(others))]
	}
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			v[key] = m.of(path+"."+key, value)
		}
	case []any:
		for i, value := range v {
			v[i] = m.of(path+"["+string(rune('0'+i%10))+"]", value)
		}
	}
	return v
}
