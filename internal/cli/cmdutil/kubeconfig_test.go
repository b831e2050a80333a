package cmdutil

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const kubeconfig = `apiVersion: v1
kind: Config
current-context: prod
contexts:
- {name: prod, context: {cluster: prod, user: dora, namespace: shop}}
- {name: eu, context: {cluster: eu, user: "bad\nname"}}
clusters:
- {name: prod, cluster: {server: "https://user:secret@prod.example"}}
- {name: eu, cluster: {server: "https://eu.example"}}
users: [{name: dora, user: {}}, {name: "bad\nname", user: {}}]
`

// readerOf reads this kubeconfig and these settings, "" for none.
func readerOf(t *testing.T, settings string, args ...string) *Reader {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"kubeconfig": kubeconfig, "settings": settings} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := NewReader(iostreams.IOStreams{Getenv: func(name string) string {
		if name == "KUBECTL_CHOREO_CONFIG" && settings != "" {
			return filepath.Join(dir, "settings")
		}
		return ""
	}})
	cmd := &cobra.Command{}
	r.AddFlags(cmd)
	if err := cmd.ParseFlags(append([]string{"--kubeconfig", filepath.Join(dir, "kubeconfig")}, args...)); err != nil {
		t.Fatal(err)
	}
	return &r
}

const settingsOfTwo = "apiVersion: kubectl-choreo.dev/v1alpha1\nkind: Config\nplanes: [{name: eu, context: eu}, {name: shop/us, context: us}]\n"

// TestNamedContexts: --plane replaces the settings for its plane, and --context names that of the control plane.
func TestNamedContexts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		settings string
		args     []string
		want     map[facts.Plane]string
		err      string
	}{
		"None":         {"", nil, map[facts.Plane]string{}, ""},
		"Settings":     {settingsOfTwo, nil, map[facts.Plane]string{"eu": "eu", "shop/us": "us"}, ""},
		"Flags":        {settingsOfTwo, []string{"--plane", "eu=prod", "--context", "eu"}, map[facts.Plane]string{"eu": "prod", "shop/us": "us", facts.Control: "eu"}, ""},
		"LastFlag":     {"", []string{"--plane", "eu=a", "--plane", "eu=b"}, map[facts.Plane]string{"eu": "b"}, ""},
		"ControlPlane": {strings.Replace(settingsOfTwo, "name: eu", "name: control", 1), nil, nil, "settings: control is the control plane; use --context"},
		"NoSuchPlane":  {strings.Replace(settingsOfTwo, "shop/us", "shop/us/x", 1), nil, nil, `settings: "shop/us/x" is not a data plane`},
		"WrongFlag":    {"", []string{"--plane", "eu"}, nil, "use NAME=CONTEXT"},
		"WrongFile":    {"planes: {}", nil, nil, "read settings"},
	} {
		got, err := readerOf(t, c.settings, c.args...).namedContexts()
		if diff := cmp.Diff(c.want, got); diff != "" || !strings.Contains(errorText(err), c.err) || c.err == "" && err != nil {
			t.Errorf("%s: %v, want %q (-want +got)\n%s", name, err, c.err, diff)
		}
	}
}

// TestConnect takes the namespace and the planes, and refuses names before any request. Neither makes one.
func TestConnect(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args      []string
		component string
		namespace string
		err       string
	}{
		"OfTheContext":   {nil, "cart", "shop", ""},
		"Flag":           {[]string{"-n", "other"}, "cart", "other", ""},
		"OtherContext":   {[]string{"--context", "eu"}, "cart", "default", ""},
		"DataPlane":      {[]string{"--plane", "eu=eu"}, "cart", "shop", ""},
		"NoContext":      {[]string{"--context", "gone"}, "cart", "", "cannot read kubeconfig: "},
		"NoPlaneContext": {[]string{"--plane", "eu=gone"}, "cart", "shop", `cannot find context "gone", set by --plane for data plane eu, in the kubeconfig; to list all, run kubectl config get-contexts`},
		"Name":           {nil, "../secrets", "shop", "../secrets"},
		"Namespace":      {[]string{"-n", "a/b"}, "cart", "a/b", "a/b"},
		"Project":        {[]string{"-p", "a b"}, "cart", "shop", "a b"},
		"Environment":    {[]string{"-e", "dev,a b"}, "cart", "shop", "a b"},
	} {
		r := readerOf(t, "", c.args...)
		r.Subject.Component = c.component
		configured := 0
		r.Streams.Configure = func(*rest.Config) { configured++ }
		_, host, err := r.Connect()
		if !strings.Contains(errorText(err), c.err) || c.err == "" && err != nil || r.Subject.Namespace != c.namespace {
			t.Errorf("%s: namespace %q, %v; want %q, %q", name, r.Subject.Namespace, err, c.namespace, c.err)
		}
		if err != nil {
			continue
		}
		if want := 1 + len(r.Planes); configured != want {
			t.Errorf("%s: %d clusters are configured, want %d", name, configured, want)
		}
		if strings.Contains(host, "secret") || !strings.HasSuffix(host, ".example") {
			t.Errorf("%s: the server is shown as %s", name, host)
		}
		if diff := cmp.Diff(r.Planes, r.Subject.Planes); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestNoCluster names the kubeconfig that names no cluster. client-go would take port 8080 of this machine.
func TestNoCluster(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	unselected := filepath.Join(dir, "unselected")
	if err := os.WriteFile(unselected, []byte(strings.Replace(kubeconfig, "current-context: prod\n", "", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	const help = "; use --kubeconfig or --openchoreo-api, set KUBECONFIG, or run occ login"
	for file, want := range map[string]string{
		empty:      "cannot find a cluster: kubeconfig " + empty + " names none" + help,
		os.DevNull: "cannot find a cluster: kubeconfig " + os.DevNull + " names none" + help,
		unselected: "cannot find a cluster: no current context in kubeconfig " + unselected + "; use --context; to list all, run kubectl config get-contexts",
	} {
		r := readerOf(t, "")
		*r.flags.KubeConfig = file
		if _, _, err := r.Connect(); errorText(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	r := readerOf(t, "", "--server", "https://h.example")
	*r.flags.KubeConfig = empty
	if _, host, err := r.Connect(); err != nil || host != "https://h.example" {
		t.Errorf("%s, %v", host, err)
	}
}

// TestFromFile: the file has one component. Its environments may be fewer than all.
func TestFromFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join("..", "..", "..", "testdata", "scenarios", "healthy", "snapshot.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file, component string
		environments    []string
		planes          []string
		want            string
	}{
		"Named":     {file, "greeter-service", nil, nil, ""},
		"Unnamed":   {file, "", []string{"development"}, nil, ""},
		"Stdin":     {"-", "", nil, nil, ""},
		"Other":     {file, "cart", nil, nil, "cannot trace cart: " + file + " is a snapshot of component greeter-service"},
		"NoFile":    {"gone.yaml", "", nil, nil, "cannot open snapshot: open gone.yaml"},
		"NoPlane":   {file, "", nil, []string{"gone=c"}, `data plane "gone" not found`},
		"KnownByIt": {file, "", nil, []string{"default=c"}, ""},
	} {
		r := NewReader(iostreams.IOStreams{In: strings.NewReader(string(text))})
		r.Snapshot, r.Subject.Component, r.Subject.Environments, r.Planes = c.file, c.component, c.environments, c.planes
		s, err := r.Read(t.Context())
		if got := errorText(err); !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if err == nil && (s.Subject.Component != "greeter-service" || len(s.Subject.Environments) != len(c.environments)) {
			t.Errorf("%s: %+v", name, s.Subject)
		}
	}
}

// TestCompletionsOfTheKubeconfig: the words are those of the kubeconfig, sorted; what no shell could take is none.
func TestCompletionsOfTheKubeconfig(t *testing.T) {
	t.Parallel()
	r := readerOf(t, "")
	cmd := &cobra.Command{}
	r.AddFlags(cmd)
	for of, want := range map[[2]string][]string{
		{"context", ""}: {"eu", "prod"}, {"context", "p"}: {"prod"}, {"cluster", ""}: {"eu", "prod"}, {"user", ""}: {"dora"}, {"plane", "eu="}: {"eu=eu", "eu=prod", "eu=openchoreo"}, {"plane", "eu=p"}: {"eu=prod"},
	} {
		complete, found := cmd.GetFlagCompletionFunc(of[0])
		if !found {
			t.Fatalf("--%s completes nothing", of[0])
		}
		words, directive := complete(cmd, nil, of[1])
		if diff := cmp.Diff(want, words); diff != "" || directive != cobra.ShellCompDirectiveNoFileComp {
			t.Errorf("--%s %s: %d (-want +got)\n%s", of[0], of[1], directive, diff)
		}
	}
}

func TestCompletionTimeout(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]time.Duration{RequestTimeout: completionTime, "1s": completionTime, "5s": 5 * time.Second, "30": 30 * time.Second, "x": completionTime, "0": completionTime} {
		r := readerOf(t, "", "--request-timeout", value)
		if got := (completer{r}).completionTimeout(); got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
}

func TestBeginning(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]string{"a", "ab", "ac"}, beginning([]string{"ac", "b", "ab", "ac", "a"}, "a")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestSharedFlags: as in kubectl, the help of a command lists --namespace, and leaves the other flags of the kubeconfig to `options`.
func TestSharedFlags(t *testing.T) {
	t.Parallel()
	cmd := &cobra.Command{}
	r := NewReader(iostreams.IOStreams{})
	r.AddFlags(cmd)
	for flag, want := range map[string]bool{"namespace": false, "context": true, "kubeconfig": true, "request-timeout": true, "snapshot": false, "project": false} {
		if got := IsShared(cmd.Flags().Lookup(flag)); got != want {
			t.Errorf("--%s is shared: %t, want %t", flag, got, want)
		}
	}
}
