package unapplied

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/files"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

const object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"

func record(t *testing.T, contents map[string]string, used, undecided string) *manifest.Repository {
	t.Helper()
	text := map[string][]byte{}
	for name, content := range contents {
		text[name] = []byte(content)
	}
	r := &manifest.Repository{}
	Files{files.Parse(t.Context(), tree.New(text)), map[string]bool{used: true}, map[string]bool{undecided: true}}.Record(r)
	return r
}

// TestUnapplied: the objects of Flux itself, and those in files that are applied or may be, are not listed as unapplied.
func TestUnapplied(t *testing.T) {
	t.Parallel()
	r := record(t, map[string]string{
		"a.yaml": object, "used.yaml": object, "undecided.yaml": object, "flux.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\n",
		"operator.yaml": "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {name: a}\n",
	}, "used.yaml", "undecided.yaml")
	if len(r.Unapplied) != 1 || r.Unapplied[0].Place.File != "a.yaml" {
		t.Errorf("%v", r.Unapplied)
	}
}

// TestProblems: an invalid file that is applied is an error; so is one with objects of what delivers. Another manifest is a warning.
func TestProblems(t *testing.T) {
	t.Parallel()
	const broken = "  name: b\n x: [\n"
	const manifestOf = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n"
	const delivering = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata:\n"
	const stray = "apiVersion: v1\nmetadata: {name: a}\ndata: {}\n"
	for name, c := range map[string]struct {
		text string
		want map[string]string // by file: a.yaml, used.yaml, undecided.yaml, chart/a.yaml
	}{
		"Manifest":         {manifestOf + broken, map[string]string{"a": "NotParsedUnapplied", "used": "NotParsed"}},
		"WithTemplates":    {manifestOf + "  c: '{{ d }}'\n" + broken, map[string]string{"a": "NotParsedUnapplied", "used": "NotParsed"}},
		"Template":         {manifestOf + "  {% if d %}\n" + broken, map[string]string{"used": "NotParsed"}},
		"Delivering":       {delivering + "  c: '{{ d }}'\n" + broken, map[string]string{"a": "NotParsed", "used": "NotParsed", "undecided": "NotParsed"}},
		"DeliveryTemplate": {delivering + "  c: {{ d }}\n" + broken, map[string]string{"used": "NotParsed"}},
		"Values":           {"a: [\n", map[string]string{"used": "NotParsed"}},
		"NonObject":        {stray, map[string]string{"a": "Incomplete"}},
		"Valid":            {object, map[string]string{}},
	} {
		r := record(t, map[string]string{"a.yaml": c.text, "used.yaml": c.text, "undecided.yaml": c.text, "chart/Chart.yaml": "name: c\n", "chart/a.yaml": c.text}, "used.yaml", "undecided.yaml")
		got := map[string]string{}
		for _, p := range r.Problems {
			got[p.Place.File[:len(p.Place.File)-len(".yaml")]] = map[manifest.ProblemKind]string{
				manifest.NotParsed: "NotParsed", manifest.NotParsedUnapplied: "NotParsedUnapplied", manifest.Incomplete: "Incomplete",
			}[p.Kind]
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestUnread: the names in files that are not valid YAML are not known to be missing.
func TestUnread(t *testing.T) {
	t.Parallel()
	r := record(t, map[string]string{"a.yaml": "metadata:\n  name: web\n x: [\n"}, "", "")
	if got := fmt.Sprint(r.Unread); got != "[web]" {
		t.Error(got)
	}
}
