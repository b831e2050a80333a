package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// installation is a control plane, its data plane on a cluster of its own, and the data plane of somebody else, where
// everything has the same names and nothing runs.
type installation struct {
	control, plane, other *cluster
	kubeconfig            string
}

func installed(t *testing.T) installation {
	t.Helper()
	i := installation{control: serve(t, "healthy", facts.Control), plane: serve(t, "healthy", "default"), other: serve(t, "healthy", "default")}
	for _, o := range i.other.objects {
		labels := o.Body.GetLabels()
		delete(labels, kinds.LabelRenderedReleaseUID)
		o.Body.SetLabels(labels)
		delete(o.Body.Object, "status")
	}
	i.kubeconfig = kubeconfig(t, map[string]*cluster{"control": i.control, "plane": i.plane, "other": i.other})
	return i
}

// settings writes a settings file that maps the data plane to a context.
func settings(t *testing.T, text string) map[string]string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte("apiVersion: kubectl-choreo.dev/v1alpha1\nkind: Config\n"+text), 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"KUBECTL_CHOREO_CONFIG": path}
}

func (i installation) run(t *testing.T, environment map[string]string, args ...string) (stdout, stderr string, exit int) {
	t.Helper()
	return runIn(t, environment, append(args, "--kubeconfig", i.kubeconfig, "--repo", t.TempDir())...)
}

func TestPlanes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args     []string
		settings string
		live     bool
	}{
		"NoContext":           {nil, "", false},
		"Flag":                {[]string{"--plane", "default=plane"}, "", true},
		"File":                {nil, "planes:\n- {name: default, context: plane}\n", true},
		"FlagOverFile":        {[]string{"--plane", "default=plane"}, "planes:\n- {name: default, context: nowhere}\n", true},
		"LastFlagCounts":      {[]string{"--plane", "default=other", "--plane", "default=plane"}, "", true},
		"ForeignCluster":      {[]string{"--plane", "default=other"}, "", false},
		"ControlPlane":        {[]string{"--plane", "default=control"}, "", false},
		"OtherPlane":          {nil, "planes:\n- {name: edge, context: plane}\n- {name: healthy/default, context: plane}\n", false},
		"ControlContextGiven": {[]string{"--plane", "default=plane", "--context", "control"}, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := installed(t)
			stdout, stderr, exit := i.run(t, settings(t, c.settings), append([]string{"trace", "greeter-service"}, c.args...)...)
			if exit != 0 || stderr != "" {
				t.Errorf("exit %d, want 0\n%s%s", exit, stdout, stderr)
			}
			live := strings.Contains(stdout, "1 running") && !strings.Contains(stdout, "as last reported by OpenChoreo")
			reported := strings.Contains(stdout, "as last reported by OpenChoreo") && strings.Contains(stdout, "not read: no object on this cluster shows that it is data plane default")
			if live != c.live || reported == c.live {
				t.Errorf("live %v, as reported %v; want live %v\n%s", live, reported, c.live, stdout)
			}
		})
	}
}

// TestSnapshotOfPlanes: what was read from a plane's own cluster is in the file.
func TestSnapshotOfPlanes(t *testing.T) {
	t.Parallel()
	i := installed(t)
	file := filepath.Join(t.TempDir(), "case.yaml")
	if _, stderr, exit := i.run(t, nil, "snapshot", "greeter-service", "--plane", "default=plane", "-f", file); exit != 0 {
		t.Fatalf("exit %d: %s", exit, stderr)
	}
	if stdout, _ := run(t, "trace", "--snapshot", file); !strings.Contains(stdout, "1 running") {
		t.Errorf("the file does not hold the pods:\n%s", stdout)
	}
}

// TestFlagsOfTheControlPlane: who asks the control plane, and where it is, says nothing of the other clusters.
func TestFlagsOfTheControlPlane(t *testing.T) {
	t.Parallel()
	i := installed(t)
	stdout, stderr, exit := i.run(t, nil, "trace", "greeter-service", "--plane", "default=plane",
		"--as", "dora", "--server", i.control.url, "--request-timeout", "5s")
	if exit != 0 || !strings.Contains(stdout, "1 running") {
		t.Errorf("exit %d\n%s%s", exit, stdout, stderr)
	}
	if diff := cmp.Diff([]string{"dora"}, i.control.asked()); diff != "" {
		t.Errorf("control plane (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{""}, i.plane.asked()); diff != "" {
		t.Errorf("data plane (-want +got)\n%s", diff)
	}
}

func TestBadPlanes(t *testing.T) {
	t.Parallel()
	i := installed(t)
	for name, c := range map[string]struct {
		plane, settings string
		words           []string
	}{
		"NoContext":          {"default", "", []string{`--plane "default"`, "NAME=CONTEXT"}},
		"EmptyContext":       {"default=", "", []string{`--plane "default="`, "NAME=CONTEXT"}},
		"NoName":             {"=plane", "", []string{"--plane", `"" is not a data plane`}},
		"TooManyNames":       {"a/b/c=plane", "", []string{"--plane", `"a/b/c" is not a data plane`}},
		"NoNamespace":        {"/b=plane", "", []string{`"/b" is not a data plane`}},
		"NoNameInNamespace":  {"a/=plane", "", []string{`"a/" is not a data plane`}},
		"ControlPlane":       {"control=plane", "", []string{"--plane", "is the control plane; use --context"}},
		"UnknownContext":     {"default=nowhere", "", []string{`context "nowhere"`, "--plane", "plane default", "kubectl config get-contexts"}},
		"UnknownInFile":      {"", "planes:\n- {name: default, context: nowhere}\n", []string{`context "nowhere"`, "config.yaml", "plane default"}},
		"ControlPlaneInFile": {"", "planes:\n- {name: control, context: plane}\n", []string{"config.yaml", "is the control plane; use --context"}},
		"UnknownField":       {"", "plane: []\n", []string{"config.yaml", `unknown field "plane"`}},
	} {
		for _, command := range []string{"trace", "snapshot"} {
			t.Run(name+"/"+command, func(t *testing.T) {
				t.Parallel()
				args := []string{command, "greeter-service"}
				if c.plane != "" {
					args = append(args, "--plane", c.plane)
				}
				stdout, stderr, exit := i.run(t, settings(t, c.settings), args...)
				if exit != 1 || stdout != "" || strings.Count(stderr, "\n") != 1 {
					t.Errorf("exit %d, want 1 and one line on stderr alone\nstdout: %s\nstderr: %s", exit, stdout, stderr)
				}
				for _, words := range c.words {
					if !strings.Contains(stderr, words) {
						t.Errorf("stderr has no %q: %s", words, stderr)
					}
				}
				if asked := slices.Concat(i.control.asked(), i.plane.asked(), i.other.asked()); len(asked) > 0 {
					t.Error("a cluster was asked")
				}
			})
		}
	}
}

// TestOpenChoreoVersions: what an older OpenChoreo does not serve is told from what is not there.
func TestOpenChoreoVersions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		unserved string
		exit     int
		stderr   string
	}{
		"0.17": {"renderedreleases", 1, "error: unsupported OpenChoreo version 0.17 or earlier; version 1.0 or later is required"},
		"1.1":  {"projectreleasebindings", 0, ""},
	} {
		for _, command := range []string{"trace", "snapshot"} {
			t.Run(name+"/"+command, func(t *testing.T) {
				t.Parallel()
				i := installed(t)
				i.control.unserved = c.unserved
				stdout, stderr, exit := i.run(t, nil, command, "greeter-service", "--plane", "default=plane")
				if exit != c.exit || !strings.HasPrefix(stderr, c.stderr) || strings.Count(stderr, "\n") != c.exit {
					t.Errorf("exit %d, want %d and %q\n%s%s", exit, c.exit, c.stderr, stdout, stderr)
				}
				if (stdout == "") != (c.exit == 1) {
					t.Errorf("stdout: %s", stdout)
				}
			})
		}
	}
}

// TestUnknownComponentOfAnOldOpenChoreo: that the version is too old comes before that the component is not there.
func TestUnknownComponentOfAnOldOpenChoreo(t *testing.T) {
	t.Parallel()
	i := installed(t)
	i.control.unserved = "renderedreleases"
	if _, stderr, exit := i.run(t, nil, "trace", "greter-service"); exit != 1 || !strings.Contains(stderr, "OpenChoreo version 0.17 or earlier") {
		t.Errorf("exit %d: %s", exit, stderr)
	}
}
