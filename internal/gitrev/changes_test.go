package gitrev

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const manifests = "https://github.com/acme/manifests"

// history is a clone of manifests. Each change is a commit by another author, and one commit is newer than the revision of the
// source.
type history struct{ dir, has string }

func newHistory(t *testing.T) history {
	t.Helper()
	h := history{dir: t.TempDir()}
	git(t, h.dir, "init", "--quiet", "--initial-branch=main")
	git(t, h.dir, "remote", "add", "origin", "git@github.com:acme/manifests.git")
	h.commit(t, "Ann", "begin", map[string]string{
		"apps/shop/workload.yaml":     "kind: [Workload\n",
		"apps/shop/gone.yaml":         "kind: Workload\n",
		"apps/admin/workload.yaml":    "kind: Workload\n",
		"apps/shop/deep/only.yaml":    "kind: Workload\n",
		"apps/kind.txt":               "kind: Component\nmetadata: {name: front}\n",
		"clusters/one/project.yaml":   "apiVersion: openchoreo.dev/v1alpha1\nkind: Project\nmetadata: {name: demo, namespace: shop}\n",
		"clusters/two/project.yaml":   "apiVersion: openchoreo.dev/v1alpha1\nkind: Project\nmetadata: {name: demo, namespace: shop}\n",
		"clusters/one/elsewhere.yaml": "kind: Component\nmetadata: {name: back, namespace: admin}\n---\nkind: Component\nmetadata:\n  name: back\n",
		"apps/shop/mentions.yaml":     "kind: ReleaseBinding\nspec: {owner: {kind: Component, name: front}}\n",
	})
	h.commit(t, "Bob", "scale the front", map[string]string{
		"apps/shop/front.yaml": "# both parts\napiVersion: v1\nkind: Service\nmetadata:\n  name: front\n---\napiVersion: openchoreo.dev/v1alpha1\nkind: 'Component'\nmetadata:\n  labels: {a: b}\n  name: \"front\" # the shop's\n  namespace: shop\nspec: {replicaz: 3}\n",
	})
	h.commit(t, "Cyd", "move the back", map[string]string{"apps/shop/back ö.yml": `{"kind": "Component", "metadata": {"name": "back", "namespace": "shop"}}`})
	git(t, h.dir, "rm", "--quiet", "apps/shop/gone.yaml")
	h.commit(t, "Dan", "take it away", nil)
	h.has = git(t, h.dir, "rev-parse", "HEAD")
	h.commit(t, "Eve", "not fetched yet", map[string]string{"apps/shop/workload.yaml": "kind: Workload\n", "apps/shop/front.yaml": "{}\n"})
	return h
}

func (h history) commit(t *testing.T, author, subject string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		full := filepath.Join(h.dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	git(t, h.dir, "add", "--all")
	git(t, h.dir, "commit", "--quiet", "--author", author+" <a@example.com>", "--message", subject)
}

// named is a Change in a comparable form.
type named struct{ File, Author, Subject string }

func (h history) changes(t *testing.T, dir string, failed ...FailedObject) []named {
	t.Helper()
	for i := range failed {
		if failed[i].URL == "" {
			failed[i].URL = manifests
		}
		if failed[i].Commit == "" {
			failed[i].Commit = h.has
		}
	}
	var found []named
	// In a bubble no time passes while git runs, so its timeout does not depend on the load of the machine.
	synctest.Test(t, func(t *testing.T) {
		for _, c := range Changes(t.Context(), dir, failed) {
			found = append(found, named{c.File, c.Author, c.Subject})
		}
	})
	return found
}

func component(namespace, name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Kind: "Component", Namespace: namespace, Name: name}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	project := facts.Ref{Plane: facts.Control, Kind: "Project", Namespace: "shop", Name: "demo"}
	for name, c := range map[string]struct {
		object FailedObject
		want   []named
	}{
		"File":              {FailedObject{File: "apps/shop/workload.yaml", FromRoot: true}, []named{{"apps/shop/workload.yaml", "Ann", "begin"}}},
		"FileThatIsGone":    {FailedObject{File: "apps/shop/gone.yaml", FromRoot: true}, []named{{"apps/shop/gone.yaml", "Dan", "take it away"}}},
		"FileThatNeverWas":  {FailedObject{File: "apps/shop/never.yaml", FromRoot: true}, nil},
		"FileOutside":       {FailedObject{File: "../../etc/passwd.yaml", FromRoot: true}, nil},
		"FileBesideIt":      {FailedObject{File: "./workload.yaml", Folder: "./apps/shop"}, []named{{"apps/shop/workload.yaml", "Ann", "begin"}}},
		"EndOfAPath":        {FailedObject{File: "deep/only.yaml", Folder: "./apps"}, []named{{"apps/shop/deep/only.yaml", "Ann", "begin"}}},
		"EndOfSeveralPaths": {FailedObject{File: "workload.yaml", Folder: "apps"}, nil},
		"EndOfAName":        {FailedObject{File: "load.yaml"}, nil},
		"Object":            {FailedObject{Object: component("shop", "front")}, []named{{"apps/shop/front.yaml", "Bob", "scale the front"}}},
		"ObjectOfAGroup": {
			FailedObject{Object: facts.Ref{Group: "openchoreo.dev", Kind: "Component", Name: "front"}}, []named{{"apps/shop/front.yaml", "Bob", "scale the front"}},
		},
		"ObjectOfAnotherGroup": {FailedObject{Object: facts.Ref{Group: "core.oam.dev", Kind: "Component", Name: "front"}}, nil},
		"ObjectInJSON":         {FailedObject{Object: component("shop", "back")}, []named{{"apps/shop/back ö.yml", "Cyd", "move the back"}}},
		"NamespaceLeftOut":     {FailedObject{Object: component("third", "back")}, []named{{"clusters/one/elsewhere.yaml", "Ann", "begin"}}},
		"OtherNamespace":       {FailedObject{Object: component("third", "front")}, nil},
		"OtherName":            {FailedObject{Object: component("shop", "fron")}, nil},
		"NameIsNoPattern":      {FailedObject{Object: component("shop", "f.*")}, nil},
		"ObjectOfOneCluster":   {FailedObject{Object: project, Folder: "clusters/two/"}, []named{{"clusters/two/project.yaml", "Ann", "begin"}}},
		"ObjectOfSomeCluster":  {FailedObject{Object: project, Folder: "./"}, nil},
		"OtherRepository":      {FailedObject{File: "apps/shop/workload.yaml", FromRoot: true, URL: "https://github.com/acme/other"}, nil},
		"CommitNotFetched":     {FailedObject{File: "apps/shop/workload.yaml", FromRoot: true, Commit: strings.Repeat("ab", 20)}, nil},
		"CommitInDisguise":     {FailedObject{File: "apps/shop/workload.yaml", FromRoot: true, Commit: "--all"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, dir := range []string{h.dir, filepath.Join(h.dir, "clusters")} {
				if diff := cmp.Diff(c.want, h.changes(t, dir, c.object)); diff != "" {
					t.Errorf("in %s (-want +got)\n%s", dir, diff)
				}
			}
		})
	}
}

func TestChangesSayWhoseTheyAre(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	applier := facts.Ref{Plane: facts.Control, Kind: "Kustomization", Namespace: "flux-system", Name: "shop"}
	bob := git(t, h.dir, "rev-parse", "HEAD~3")
	want := []facts.Change{{Applier: applier, Object: component("shop", "front"), File: "apps/shop/front.yaml", Commit: bob, Subject: "scale the front", Author: "Bob"}}
	got := Changes(t.Context(), h.dir, []FailedObject{{Applier: applier, URL: manifests, Commit: h.has, Object: component("shop", "front")}})
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(facts.Change{}, "When")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(got) == 1 && got[0].When.IsZero() {
		t.Error("the change has no time")
	}
}

// TestShallowClone checks that no author is reported for a change that may be older than the clone. The oldest commit of a
// shallow clone seems to have written every file.
func TestShallowClone(t *testing.T) {
	t.Parallel()
	h := history{dir: filepath.Join(t.TempDir(), "clone")}
	git(t, t.TempDir(), "clone", "--quiet", "--depth=4", "file://"+newHistory(t).dir, h.dir)
	git(t, h.dir, "remote", "add", "upstream", manifests)
	h.has = git(t, h.dir, "rev-parse", "HEAD~1")
	got := h.changes(t, h.dir, FailedObject{File: "apps/shop/workload.yaml", FromRoot: true}, FailedObject{Object: component("shop", "back")})
	want := []named{{File: "apps/shop/workload.yaml"}, {"apps/shop/back ö.yml", "Cyd", "move the back"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestConfigOfTheClone checks that the clone's configuration changes no result and runs no program.
func TestConfigOfTheClone(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	for key, value := range map[string]string{"color.ui": "always", "color.grep": "always", "grep.lineNumber": "true", "log.showSignature": "true", "gpg.program": "/nowhere"} {
		git(t, h.dir, "config", key, value)
	}
	want := []named{{"apps/shop/front.yaml", "Bob", "scale the front"}}
	if diff := cmp.Diff(want, h.changes(t, h.dir, FailedObject{Object: component("shop", "front")})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestChangesAreBounded(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	failed := []FailedObject{{URL: "https://github.com/acme/other"}}
	for range 9 {
		failed = append(failed, FailedObject{File: "apps/shop/workload.yaml", FromRoot: true})
	}
	if got := h.changes(t, h.dir, failed...); len(got) != maxLookups {
		t.Errorf("%d look-ups, want %d", len(got), maxLookups)
	}
	if got := h.changes(t, t.TempDir(), failed...); got != nil {
		t.Errorf("without a clone: %v", got)
	}
}
