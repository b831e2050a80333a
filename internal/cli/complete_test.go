package cli

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// tabled is an API server that knows names, and gives them as a table alone.
type tabled struct {
	names map[string][]string // by the collection's path
	hangs chan struct{}       // it answers nothing until this is closed; nil: it answers

	mu    sync.Mutex
	asked []string
}

func (s *tabled) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.URL.Path)
	s.mu.Unlock()
	if s.hangs != nil {
		select {
		case <-s.hangs:
		case <-r.Context().Done():
		}
		return
	}
	names, ok := s.names[r.URL.Path]
	include := r.URL.Query().Get("includeObject")
	if !ok || !strings.Contains(r.Header.Get("Accept"), "as=Table") || (include != "None" && include != "Metadata") {
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	t := metav1.Table{TypeMeta: metav1.TypeMeta{Kind: "Table", APIVersion: "meta.k8s.io/v1"}, ColumnDefinitions: []metav1.TableColumnDefinition{{Name: "Name"}}}
	for _, name := range names {
		t.Rows = append(t.Rows, metav1.TableRow{Cells: []any{name}})
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(t)
}

const ofNamespace = "/apis/openchoreo.dev/v1alpha1/namespaces/"

// serveTables gives such a server its names, and returns a kubeconfig that leads to it in memory.
func serveTables(t *testing.T, s *tabled) string {
	t.Helper()
	return serveTablesAt(t, s, "http://in-memory.example")
}

func serveTablesAt(t *testing.T, s *tabled, url string) string {
	t.Helper()
	s.names = map[string][]string{
		ofNamespace + "healthy/components":                {"greeter-service", "greeter-client", "shop", "-rf", "$(reboot)", "two\nlines"},
		ofNamespace + "other/components":                  {"elsewhere"},
		ofNamespace + "healthy/projects":                  {"demo"},
		ofNamespace + "healthy/environments":              {"staging", "development"},
		ofNamespace + "healthy/dataplanes":                {"edge"},
		"/apis/openchoreo.dev/v1alpha1/clusterdataplanes": {"default"},
		"/api/v1/namespaces":                              {"healthy", "other"},
	}
	c := &cluster{url: url}
	return kubeconfig(t, map[string]*cluster{"control": c, "prod": c})
}

// complete asks what the last word may become, as shells do, where such a server answers.
func (s *tabled) complete(t *testing.T, args ...string) []string {
	t.Helper()
	stdout, stderr, _ := runWithStreams(t, iostreams.IOStreams{Configure: inMemory(t, s)}, append([]string{"__completeNoDesc"}, args...)...)
	if stderr != "" {
		t.Errorf("complete %q: stderr %q", args, stderr)
	}
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	return lines[:len(lines)-1] // without the directive
}

func TestComplete(t *testing.T) {
	t.Parallel()
	server := &tabled{}
	config := serveTables(t, server)
	for name, c := range map[string]struct {
		line string // the words, the last one is what is completed
		want []string
	}{
		"Command":          {"rec", []string{"reconcile"}},
		"Component":        {"trace |", []string{"greeter-client", "greeter-service", "shop"}},
		"Begun":            {"trace gre", []string{"greeter-client", "greeter-service"}},
		"OfNamespace":      {"trace -n other |", []string{"elsewhere"}},
		"OnlyOne":          {"trace shop |", nil},
		"Object":           {"trace proj/d", []string{"proj/demo"}},
		"ObjectOfAKind":    {"trace projects.openchoreo.dev |", []string{"demo"}},
		"ObjectTwice":      {"trace proj demo |", nil},
		"Secret":           {"trace secret/x", nil},
		"OfSnapshot":       {"snapshot s", []string{"shop"}},
		"OfReconcile":      {"reconcile s", []string{"shop"}},
		"NoneTwice":        {"verify shop |", []string{"greeter-client", "greeter-service"}},
		"Project":          {"verify -p |", []string{"demo"}},
		"Environment":      {"trace shop -e |", []string{"development", "staging"}},
		"EnvironmentEqual": {"trace shop --environment=s", []string{"staging"}},
		"Namespace":        {"reconcile -n o", []string{"other"}},
		"Context":          {"trace --context |", []string{"control", "prod"}},
		"Plane":            {"trace --plane |", []string{"default=", "healthy/edge="}},
		"PlaneContext":     {"trace --plane default=p", []string{"default=prod"}},
		"Code":             {"explain stale", []string{"StaleApplyFailed", "StaleNotFound"}},
		"Until":            {"trace -w --until |", []string{"healthy", "settled"}},
		"Require":          {"verify --require no", []string{"no-drift"}},
		"Shell":            {"completion p", []string{"powershell"}},
		"Output":           {"trace -o js", []string{"json", "jsonpath-as-json=", "jsonpath-file=", "jsonpath="}},
		"OutputTemplate":   {"verify -o custom", []string{"custom-columns-file=", "custom-columns="}},
		"OutputOfVersion":  {"version -o n", nil},
		"UnknownContext":   {"trace --context nowhere |", nil},
		"UnknownNamespace": {"trace -n nowhere |", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := strings.Fields(c.line)
			if args[len(args)-1] == "|" {
				args[len(args)-1] = ""
			}
			if args[0] != "rec" && args[0] != "explain" && args[0] != "completion" {
				args = slices.Insert(args, 1, "--kubeconfig", config)
			}
			synctest.Test(t, func(t *testing.T) {
				got := server.complete(t, args...)
				if len(got) == 0 {
					got = nil
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
		})
	}
}

// TestCompleteAsksOnce: one request for names, and none for what the kubeconfig knows.
func TestCompleteAsksOnce(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		server := &tabled{}
		config := serveTables(t, server)
		server.complete(t, "trace", "--kubeconfig", config, "--context", "")
		server.complete(t, "trace", "--kubeconfig", config, "")
		if diff := cmp.Diff([]string{ofNamespace + "healthy/components"}, server.asked); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// TestCompleteIsSilent: whatever is in the way, there is no suggestion and no word about it, and soon.
func TestCompleteIsSilent(t *testing.T) {
	t.Parallel()
	hanging := serveTables(t, &tabled{})
	broken := filepath.Join(t.TempDir(), "broken")
	if err := os.WriteFile(broken, []byte("\t{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"Hangs":        {"trace", "--kubeconfig", hanging, ""},
		"HangsLonger":  {"trace", "--kubeconfig", hanging, "--request-timeout", "1m", ""},
		"HangsTwice":   {"trace", "--kubeconfig", hanging, "--plane", ""},
		"NoKubeconfig": {"trace", "--kubeconfig", "/nowhere", ""},
		"Broken":       {"trace", "--kubeconfig", broken, "--context", ""},
		"NoCluster":    {"trace", "--kubeconfig", hanging, "--server", "https://127.0.0.1:1", ""},
		"BadPlane":     {"trace", "--kubeconfig", hanging, "--plane", "x", ""},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				limit := 2 * time.Second
				if name == "HangsLonger" {
					limit = time.Minute
				}
				begin := time.Now()
				world := iostreams.IOStreams{Configure: inMemory(t, &tabled{hangs: make(chan struct{})})}
				stdout, stderr, _ := runWithStreams(t, world, append([]string{"__complete"}, args...)...)
				if took := time.Since(begin); took > limit {
					t.Errorf("it took %s", took)
				}
				if stderr != "" || (stdout != "" && !strings.HasPrefix(stdout, ":")) {
					t.Errorf("stdout %q, stderr %q", stdout, stderr)
				}
			})
		})
	}
}
