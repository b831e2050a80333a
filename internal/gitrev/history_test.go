package gitrev

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const (
	greeter = "apiVersion: openchoreo.dev/v1alpha1\nkind: Component\nmetadata: {name: greeter, namespace: shop}\nspec: {owner: {projectName: demo}}\n"
	apiOf   = "apiVersion: openchoreo.dev/v1alpha1\nkind: "
	owner   = "owner: {projectName: demo, componentName: greeter}"
)

func workload(image, level string) string {
	return apiOf + "Workload\nmetadata: {name: greeter-workload, namespace: shop}\nspec:\n  " + owner +
		"\n  container:\n    image: " + image + "\n    env: [{key: LEVEL, value: " + level + "}]\n"
}

func release(n, image string) string {
	return apiOf + "ComponentRelease\nmetadata: {name: greeter-" + n + "}\nspec:\n  " + owner + "\n  workload: {container: {image: " + image + "}}\n"
}

func bound(environment, n string) string {
	return apiOf + "ReleaseBinding\nmetadata: {name: greeter-" + environment + ", namespace: shop}\nspec:\n  " + owner +
		"\n  environment: " + environment + "\n  releaseName: greeter-" + n + "\n"
}

// past is a repository with a component that is released twice, of which the second release is merged, and promoted later.
func past(t *testing.T) (h history, merge string) {
	t.Helper()
	h = history{dir: t.TempDir()}
	git(t, h.dir, "init", "--quiet", "--initial-branch=main")
	git(t, h.dir, "remote", "add", "origin", "git@github.com:acme/manifests.git")
	h.commit(t, "Ann", "first release", map[string]string{
		"shop/component.yaml": greeter, "shop/workload.yaml": workload("greeter:1", "info"),
		"shop/release-1.yaml": release("1", "greeter:1"), "shop/development.yaml": bound("development", "1"),
		"other/component.yaml": strings.ReplaceAll(greeter, "greeter", "greeter-client"),
		"spare/workload.yaml":  workload("greeter:1", "info"),
	})
	git(t, h.dir, "checkout", "--quiet", "-b", "bump")
	h.commit(t, "Bob", "second release", map[string]string{
		"shop/workload.yaml": workload("greeter:2", "debug"), "shop/release-2.yaml": release("2", "greeter:2"), "shop/development.yaml": bound("development", "2"),
	})
	git(t, h.dir, "checkout", "--quiet", "main")
	h.commit(t, "Cyd", "another component", map[string]string{"other/component.yaml": strings.ReplaceAll(greeter, "greeter", "greeter-client") + "# changed\n"})
	git(t, h.dir, "merge", "--quiet", "--no-ff", "--message", "merge bump", "bump")
	merge = git(t, h.dir, "rev-parse", "HEAD")
	h.commit(t, "Dan", "spare", map[string]string{"spare/workload.yaml": workload("greeter:9", "info"), "shop/readme.yaml": "name: greeter\n"})
	h.commit(t, "Eve", "promote", map[string]string{"shop/staging.yaml": bound("staging", "2")})
	h.has = git(t, h.dir, "rev-parse", "HEAD")
	return h, merge
}

func read(t *testing.T, o HistoryOptions) facts.Past {
	t.Helper()
	o.Subject = facts.Subject{Namespace: "shop", Project: "demo", Component: "greeter"}
	var found facts.Past
	synctest.Test(t, func(t *testing.T) { found = History(t.Context(), o) })
	return found
}

// TestHistory: a commit has its author, what it changed in the objects of this component, the merge that brought it, and the commits
// of the cluster that contain it. A value that a snapshot masks is not in it.
func TestHistory(t *testing.T) {
	t.Parallel()
	h, merge := past(t)
	got := read(t, HistoryOptions{Dir: h.dir, Head: h.has, Folders: []string{"./shop", "other"}, Commits: []string{merge, h.has, strings.Repeat("0", 40)}})
	if got.Reason != "" || got.Head != h.has {
		t.Errorf("reason %q, head %q", got.Reason, got.Head)
	}
	type change struct {
		Kind, Environment, Release, Image string
		Added                             bool
		Fields                            []facts.FieldChange
	}
	type commit struct {
		Author, Subject, Merge string
		Within                 []string
		Changes                []change
	}
	var all []commit
	for _, c := range got.Commits {
		one := commit{Author: c.Author, Subject: c.Subject, Merge: c.Merge, Within: c.Within}
		if c.Time.IsZero() || c.Merged.IsZero() != (c.Merge == "") {
			t.Errorf("%s: time %s, merged %s", c.Subject, c.Time, c.Merged)
		}
		for _, o := range c.Changes {
			if o.Object.Namespace != "shop" {
				t.Errorf("%s is not in the namespace", o.Object)
			}
			one.Changes = append(one.Changes, change{o.Object.Kind, o.Environment, o.Release, o.Image, o.Added, o.Fields})
		}
		all = append(all, one)
	}
	both := []string{merge, h.has}
	slices.Sort(both)
	want := []commit{
		{"Eve", "promote", "", []string{h.has}, []change{{"ReleaseBinding", "staging", "greeter-2", "", true, nil}}},
		{"Bob", "second release", merge, both, []change{
			{"ComponentRelease", "", "", "greeter:2", true, nil},
			{"ReleaseBinding", "development", "greeter-2", "", false, []facts.FieldChange{{Path: "spec.releaseName", Old: "greeter-1", New: "greeter-2"}}},
			{"Workload", "", "", "greeter:2", false, []facts.FieldChange{
				{Path: "spec.container.env[LEVEL].value"}, {Path: "spec.container.image", Old: "greeter:1", New: "greeter:2"},
			}},
		}},
		{"Ann", "first release", "", both, []change{
			{"Component", "", "", "", true, nil},
			{"ComponentRelease", "", "", "greeter:1", true, nil},
			{"ReleaseBinding", "development", "greeter-1", "", true, nil},
			{"Workload", "", "", "greeter:1", true, nil},
		}},
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestHistoryIsMissing: the reason says what the clone lacks. The oldest commit of a shallow clone has not written every file.
func TestHistoryIsMissing(t *testing.T) {
	t.Parallel()
	h, _ := past(t)
	shallow := filepath.Join(t.TempDir(), "shallow")
	git(t, h.dir, "clone", "--quiet", "--depth=2", "file://"+h.dir, shallow)
	for name, c := range map[string]struct {
		dir, head, reason string
		commits           int
	}{
		"no clone":   {h.dir, "", "no clone of the source's repository was found", 0},
		"not in it":  {h.dir, strings.Repeat("0", 40), "does not have commit 0000000: run git fetch", 0},
		"shallow":    {shallow, h.has, "the clone is shallow: older commits are not in it", 1},
		"no folder":  {filepath.Join(h.dir, "absent"), h.has, "does not have commit", 0},
		"everything": {h.dir, h.has, "", 4},
	} {
		got := read(t, HistoryOptions{Dir: c.dir, Head: c.head})
		if len(got.Commits) != c.commits || !strings.Contains(got.Reason, c.reason) || c.reason == "" && got.Reason != "" {
			t.Errorf("%s: %d commits, reason %q", name, len(got.Commits), got.Reason)
		}
	}
}

// TestHostileHistory: names of files and subjects are anybody's. They must not become another commit, nor an argument of git.
func TestHostileHistory(t *testing.T) {
	t.Parallel()
	h, _ := past(t)
	out := filepath.Join(h.dir, "written")
	h.commit(t, "Mal", "x\x01--output="+out, map[string]string{
		"shop/\x01--output=" + "written.yaml": greeter, "shop/line\nbreak.yaml": workload("greeter:1", "info"), "shop/loop.yaml": "a: &a [*a]\n",
		"shop/workload.yaml": workload("greeter:3", "info"), "shop/z1.yaml": release("7", "a"), "shop/z2.yaml": release("8", "a"),
	})
	head := git(t, h.dir, "rev-parse", "HEAD")
	got := read(t, HistoryOptions{Dir: h.dir, Head: head, Folders: []string{"shop"}})
	for _, c := range got.Commits {
		if !isHex(c.ID) {
			t.Errorf("commit %q", c.ID)
		}
	}
	if len(got.Commits) < 3 {
		t.Errorf("%d commits; the others must still be there", len(got.Commits))
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("git wrote a file")
	}
}
