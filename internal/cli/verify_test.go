package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/fleet/fleettest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// gated is a cluster to verify.
type gated struct {
	*cluster
	kubeconfig string
	namespace  string
}

// gate serves a fleet of so many components of a scenario; 0 is the scenario itself.
func gate(t *testing.T, scenario string, components int) gated {
	t.Helper()
	s := fleettest.Read(t, scenarioDir, scenario)
	objects := s.Objects()
	if components > 0 {
		objects = fleettest.Multiply(t, s, components)
	}
	c := serveObjects(t, objects)
	return gated{c, kubeconfig(t, map[string]*cluster{"control": c}), s.Subject.Namespace}
}

func (g gated) verify(t *testing.T, args ...string) (stdout, stderr string, exit int) {
	t.Helper()
	return runIn(t, nil, append([]string{"verify", "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir()}, args...)...)
}

// holds runs verify and holds it to its exit code and its words, on either stream.
func (g gated) holds(t *testing.T, exit int, words []string, args ...string) (stdout, stderr string) {
	t.Helper()
	stdout, stderr, got := g.verify(t, args...)
	if got != exit {
		t.Errorf("verify %v: exit %d, want %d\n%s%s", args, got, exit, stdout, stderr)
	}
	for _, word := range words {
		if !strings.Contains(stdout+stderr, word) {
			t.Errorf("verify %v does not say %q:\n%s%s", args, word, stdout, stderr)
		}
	}
	return stdout, stderr
}

func TestDecisionCodes(t *testing.T) {
	t.Parallel()
	for d, want := range map[verify.Decision]int{verify.Passed: 0, verify.Failed: 2, verify.Pending: 3, verify.Undecided: 4, 200: 4} {
		if got := decisionCode(d); got != want {
			t.Errorf("%s: exit %d, want %d", d, got, want)
		}
	}
}

// TestVerifyPassesAtOnce: what has passed already is not waited for, and costs a trace and no watch.
func TestVerifyPassesAtOnce(t *testing.T) {
	t.Parallel()
	g := gate(t, "healthy", 0)
	begin := time.Now()
	_, stderr := g.holds(t, 0, []string{"greeter-service  passed", "greeter-service passed, after"}, "greeter-service")
	if took := time.Since(begin); took > 5*time.Second || stderr != "" {
		t.Errorf("it took %s, stderr %q", took, stderr)
	}
	if got := g.requests(); got > 25 {
		t.Errorf("%d requests:\n%s", got, strings.Join(g.paths, "\n"))
	}
	g.holds(t, 0, []string{"greeter-service  passed"}, "component/greeter-service", "-e", "staging", "--timeout", "0")
	g.holds(t, 2, []string{"EnvironmentNotFound"}, "greeter-service", "-e", "stagging", "--timeout", "0")
	g.holds(t, 2, []string{"ReleaseBindingNotFound", "production"}, "greeter-service", "-e", "production", "--timeout", "0")
}

// TestVerifyFailsSoon: with the reason, long before its time is out.
func TestVerifyFailsSoon(t *testing.T) {
	t.Parallel()
	g := gate(t, "dependency-fails", 0)
	begin := time.Now()
	_, stderr := g.holds(t, 2, []string{"Failed: kustomization   KustomizationBuildFailed", "MalformedYAMLError", "greeter-service failed"}, "greeter-service")
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
	if !strings.Contains(stderr, "kustomization  failed") {
		t.Errorf("the progress is %q", stderr)
	}
}

// runningSince makes the component's Kustomization be in the middle of a run.
func runningSince(at time.Time) func([]facts.Object) []facts.Object {
	return func(objects []facts.Object) []facts.Object {
		for i, o := range objects {
			if o.Ref.Kind != "Kustomization" || !strings.HasSuffix(o.Ref.Name, "-projects") {
				continue
			}
			body := o.Body.DeepCopy()
			conditions := []any{map[string]any{
				"type": "Ready", "status": "Unknown", "reason": "Progressing", "message": "Building manifests",
				"lastTransitionTime": at.UTC().Format(time.RFC3339), "observedGeneration": body.GetGeneration(),
			}}
			_ = unstructured.SetNestedSlice(body.Object, conditions, "status", "conditions")
			body.SetResourceVersion("changed")
			objects[i].Body = body
		}
		return objects
	}
}

// TestVerifyRunsOutOfTime: exit 3, with what it still waited for; machine output is whole in that case as well.
func TestVerifyRunsOutOfTime(t *testing.T) {
	t.Parallel()
	g := gate(t, "healthy", 0)
	g.change(runningSince(time.Now()))
	stdout, stderr := g.holds(t, 3, []string{"Pending: kustomization", "Building manifests", "not done when the time ran out"}, "greeter-service", "--timeout", "2s")
	if strings.Contains(stderr, "Pending") || strings.Contains(stdout, "progressing:") {
		t.Errorf("answer and progress are mixed:\n%s\n---\n%s", stdout, stderr)
	}
	stdout, _ = g.holds(t, 3, nil, "greeter-service", "--timeout", "2s", "-o", "json")
	var report struct {
		Decision string
		TimedOut bool
	}
	if err := json.Unmarshal([]byte(stdout), &report); err != nil || report.Decision != "Pending" || !report.TimedOut {
		t.Errorf("%+v, %v\n%s", report, err, stdout)
	}
	g.holds(t, 3, []string{"not done yet"}, "greeter-service", "--timeout", "0")
}

// TestVerifyWaits until what was under way is done.
func TestVerifyWaits(t *testing.T) {
	t.Parallel()
	for name, components := range map[string]int{"One": 0, "Fleet": 6} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := gate(t, "healthy", components)
			healthy := slices.Clone(g.objects)
			g.change(runningSince(time.Now()))
			time.AfterFunc(2*time.Second, func() { g.change(func([]facts.Object) []facts.Object { return healthy }) })
			g.holds(t, 0, []string{"passed"}, "--stable-for", "1s", "--timeout", "1m")
		})
	}
}

func TestVerifyWithoutRights(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		refused string
		args    []string
		words   []string
	}{
		"Nothing":        {"*", []string{"greeter-service"}, []string{"cannot list resource"}},
		"NothingInScope": {"*", nil, []string{"cannot list resource", "docs/rbac.md"}},
		"Kustomizations": {"kustomizations", []string{"greeter-service"}, []string{"Undecided: kustomization   Forbidden", "could not be decided"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := gate(t, "healthy", 0)
			g.refused = c.refused
			g.holds(t, 4, c.words, c.args...)
		})
	}
	g := gate(t, "healthy", 0)
	g.refused = "kustomizations"
	g.holds(t, 0, []string{"passed"}, "greeter-service", "--allow-unknown")
}

// TestVerifyFleet: forty components behind one Kustomization are one cause with forty names; and their number costs nothing.
func TestVerifyFleet(t *testing.T) {
	t.Parallel()
	count := map[int]int{}
	for _, components := range []int{5, 40} {
		g := gate(t, "dependency-fails", components)
		stdout, _ := g.holds(t, 2, nil, "--timeout", "0", "-o", "json")
		count[components] = g.requests()
		var report struct {
			Causes []struct {
				Code     string
				Subjects []struct{ Component string }
			}
		}
		if err := json.Unmarshal([]byte(stdout), &report); err != nil {
			t.Fatal(err)
		}
		if len(report.Causes) != 1 || len(report.Causes[0].Subjects) != components || report.Causes[0].Code != "KustomizationBuildFailed" {
			t.Errorf("causes %+v, want one with %d names", report.Causes, components)
		}
	}
	if count[5] != count[40] {
		t.Errorf("5 components cost %d requests, 40 cost %d", count[5], count[40])
	}
	g := gate(t, "healthy", 5)
	g.holds(t, 0, []string{"5 of 5 components passed"}, "-A")
	g.holds(t, 0, []string{"2 of 2 components passed"}, fleettest.Name(1), fleettest.Name(3))
	g.holds(t, 0, []string{"5 of 5 components passed"}, "-p", "demo", "-l", "!nonsense")
	g.holds(t, 1, []string{"there is no component in project shop, in namespace healthy"}, "-p", "shop")
	g.holds(t, 1, []string{"there is no component with labels a=b in any namespace"}, "-A", "-l", "a=b")
	g.holds(t, 1, []string{`there is no component "greeter-9999"`}, "greeter-9999", fleettest.Name(1), "--timeout", "0")
}

// TestVerifyTable is what a person sees.
func TestVerifyTable(t *testing.T) {
	t.Parallel()
	stdout, _ := run(t, "verify", "--snapshot", scenarioDir+"/release-not-promoted/snapshot.yaml", "--require", "promoted,current")
	want := `COMPONENT             GATE    DEVELOPMENT                          STAGING            PRODUCTION
release-not-promoted  failed  ok 20261121-2 89s, ahead of staging  ok 20261121-1 89s  -

Failed: release, in staging   ReleaseNotPromoted
  ComponentRelease fleet/release-not-promoted-20261121-1:
    development has release-not-promoted-20261121-2
  Promoting it means setting spec.releaseName of ReleaseBinding
  fleet/release-not-promoted-staging.
  Next: kubectl choreo explain ReleaseNotPromoted

release-not-promoted failed, after 0.0s.
`
	var lines []string
	for line := range strings.Lines(stdout) {
		lines = append(lines, strings.TrimRight(line, " \n"))
	}
	if diff := cmp.Diff(want, strings.Join(lines, "\n")+"\n"); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestTheFormatChangesNoCode, nor says anything on the standard error.
func TestTheFormatChangesNoCode(t *testing.T) {
	t.Parallel()
	for _, format := range printers.VerifyFormats() {
		for scenario, want := range map[string]int{"healthy": 0, "dependency-fails": 2, "rights-missing": 4, "revision-not-fetched": 3} {
			stdout, stderr, exit := runIn(t, nil, "verify", "--snapshot", scenarioDir+"/"+scenario+"/snapshot.yaml", "-o", format)
			if exit != want || stderr != "" || (stdout == "" && format != "github") {
				t.Errorf("%s, %s: exit %d, want %d; %d bytes; %s", scenario, format, exit, want, len(stdout), stderr)
			}
		}
	}
}

// endpoints puts an address in the place of the gateway in every binding.
func endpoints(address string) func([]facts.Object) []facts.Object {
	host, port, _ := strings.Cut(strings.TrimPrefix(address, "http://"), ":")
	number := json.Number(port)
	n, _ := number.Int64()
	return func(objects []facts.Object) []facts.Object {
		for _, o := range objects {
			if o.Ref.Kind == "ReleaseBinding" {
				urls := kinds.Items(o.Body, "status", "endpoints")
				for _, e := range urls {
					for _, field := range []string{"externalURLs", "internalURLs"} {
						delete(e, field)
					}
					e["externalURLs"] = map[string]any{"http": map[string]any{"scheme": "http", "host": host, "port": n, "path": "/" + o.Ref.Name}}
				}
				_ = unstructured.SetNestedSlice(o.Body.Object, anys(urls), "status", "endpoints")
			}
		}
		return objects
	}
}

func anys(items []map[string]any) []any {
	var all []any
	for _, item := range items {
		all = append(all, item)
	}
	return all
}

// TestVerifyProbes: Ready is not working.
func TestVerifyProbes(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Key") == "" || strings.HasSuffix(r.URL.Path, "-staging") {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	g := gate(t, "healthy", 0)
	g.change(endpoints(server.URL))
	probe := []string{"greeter-service", "--timeout", "0", "--probe"}
	header := append(slices.Clone(probe), "--probe-header", "X-Key: y")
	g.holds(t, 0, []string{"greeter-service answers:", "200 in"}, append(slices.Clone(header), "-e", "development")...)
	g.holds(t, 2, []string{"Failed: endpoint, in staging   ProbeFailed", fmt.Sprintf("%s/greeter-service-staging answers with status 503", server.URL)}, header...)
	g.holds(t, 2, []string{"Failed: endpoint, in development   ProbeFailed"}, append(slices.Clone(probe), "-e", "development")...)
	g.holds(t, 0, nil, append(slices.Clone(probe), "--probe-status", "200-299,503")...)
	g.holds(t, 2, []string{"ProbeFailed"}, append(slices.Clone(header), "--timeout", "20s", "--grace", "1s")...)
	server.Close()
	g.holds(t, 2, []string{"does not answer"}, append(slices.Clone(header), "-e", "development")...)
}
