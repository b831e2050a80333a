package build

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestUnapplied: nothing applies a kustomization file, but its files must exist. What a person keeps for reference, and templates, need not work.
func TestUnapplied(t *testing.T) {
	t.Parallel()
	const remote = "- https://h.example/r//k?ref=v1\n"
	patch := func(kind string) string {
		return "patches:\n- patch: x\n  target:\n    kind: " + kind + "\n    name: a\n"
	}
	for name, c := range map[string]struct {
		file, text string
		want       []string
	}{
		"Healthy":   {"k/kustomization.yaml", "resources:\n- a.yaml\n- ../b\n- gotk-sync.yaml\ncomponents: [../b]\n", nil},
		"File":      {"k/kustomization.yaml", "resources:\n- a.yaml\n- gone.yaml\n", []string{"k/kustomization.yaml:3 2 : it names 'gone.yaml', which does not exist"}},
		"Files":     {"k/kustomization.yaml", "resources:\n- gone.yaml\n- also-gone.yaml\n", []string{"k/kustomization.yaml:2 2 : it names 'gone.yaml', which does not exist", "k/kustomization.yaml:3 2 : it names 'also-gone.yaml', which does not exist"}},
		"GitIgnore": {"k/kustomization.yaml", "resources: [secret.yaml, folder/x.yaml]\n", nil},
		"Component": {"k/kustomization.yaml", "resources: [a.yaml]\ncomponents:\n- ../c\n", []string{"k/kustomization.yaml:3 2 : it names '../c', which does not exist"}},
		"Ignored":   {"k/kustomization.yaml", "resources: [ignored.yaml]\n", nil},
		"Remote":    {"k/kustomization.yaml", "resources:\n" + remote + patch("Deployment"), nil},
		"Mistyped":  {"k/kustomization.yaml", "resources:\n" + remote + patch("Deploymnt"), []string{"k/kustomization.yaml:6 6 : the target of a patch has the kind Deploymnt, which is not known" + ignored}},
		"Local":     {"k/kustomization.yaml", "resources: [a.yaml]\n" + patch("Deploymnt"), nil}, // a build would tell
		"Archive":   {"k/archive/kustomization.yaml", "resources: [gone.yaml]\n", nil},
		"Hidden":    {".k/kustomization.yaml", "resources: [gone.yaml]\n", nil},
		"Example":   {"examples/k/kustomization.yaml", "resources: [gone.yaml]\n", nil},
		"Invalid":   {"k/kustomization.yaml", "resources: {\n", nil},
	} {
		b, _ := builderOf(t, map[string]string{
			c.file: c.text, "k/a.yaml": configMap("a"), "k/ignored.yaml": configMap("i"), "b/kustomization.yaml": "", ".sourceignore": "/k/ignored.yaml\n", ".gitignore": "/other\n", "k/.gitignore": "secret.yaml\n/folder/\n",
		})
		if diff := cmp.Diff(c.want, shownProblems(b.Unapplied(c.file))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
