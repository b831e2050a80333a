package cli

import (
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// subjectOfSearch is something that once took all inventories to trace, and what it may cost beside n others.
type subjectOfSearch struct {
	args   []string
	change func([]facts.Object) []facts.Object
	exit   int
	// searches is whether all inventories still have to be searched, page by page.
	searches bool
}

func subjectsOfSearch() map[string]subjectOfSearch {
	without := func(kind, name string) func([]facts.Object) []facts.Object {
		return func(objects []facts.Object) []facts.Object {
			return slices.DeleteFunc(objects, func(o facts.Object) bool {
				return o.Ref.Kind == kind && o.Ref.Name == name ||
					o.Ref.Kind == "RenderedRelease" && strings.HasPrefix(o.Ref.Name, name)
			})
		}
	}
	byHand := func(objects []facts.Object) []facts.Object {
		for _, o := range objects {
			if o.Outcome == facts.Found && o.Ref.Group == kinds.OpenChoreo && o.Ref.Kind != "RenderedRelease" {
				o.Body.SetLabels(nil)
			}
			if o.Outcome == facts.Found && o.Ref.Kind == "Component" {
				_ = unstructured.SetNestedSlice(o.Body.Object, []any{map[string]any{"manager": "kubectl-client-side-apply", "operation": "Update"}}, "metadata", "managedFields")
			}
			if o.Outcome == facts.Found && o.Ref.Kind == "Kustomization" {
				_ = unstructured.SetNestedSlice(o.Body.Object, []any{map[string]any{"id": "other_other_openchoreo.dev_Component"}}, "status", "inventory", "entries")
			}
		}
		return objects
	}
	return map[string]subjectOfSearch{
		"SlipOfThePen":    {[]string{"greter-service"}, func(o []facts.Object) []facts.Object { return o }, cmdutil.ExitError, true},
		"Absent":          {[]string{"greeter-service"}, without("Component", "greeter-service"), cmdutil.ExitFailed, false},
		"NoLabels":        {[]string{"greeter-service", "-e", "development"}, byHand, cmdutil.ExitOK, false},
		"BindingVanished": {[]string{"greeter-service", "-e", "staging"}, without("ReleaseBinding", "greeter-service-staging"), cmdutil.ExitFailed, false},
	}
}

// TestLargeClusterSearchCost: what the others cost a trace that has no applier's label to go by. The inventories are read only where
// nothing else can tell, once, in pages of 500.
func TestLargeClusterSearchCost(t *testing.T) {
	t.Parallel()
	const others = 1200
	for name, subject := range subjectsOfSearch() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests, bytes := map[int]int64{}, map[int]int64{}
			for _, n := range []int{0, others} {
				c, namespace := newLargeCluster(t, n, 10)
				c.objects = subject.change(c.objects)
				server := httptest.NewServer(requestguard.Handler(t, c))
				t.Cleanup(server.Close)
				c.url = server.URL
				args := append([]string{"trace"}, subject.args...)
				_, stderr, exit := runIn(t, nil, append(args, "-n", namespace, "--repo", t.TempDir(),
					"--kubeconfig", kubeconfig(t, map[string]*cluster{"control": c.cluster}))...)
				if exit != subject.exit {
					t.Fatalf("%d others: exit %d, want %d: %s", n, exit, subject.exit, stderr)
				}
				requests[n], bytes[n] = c.requests.Load(), c.bytes.Load()
			}
			pages, inventories := int64(0), int64(0)
			if subject.searches {
				pages, inventories = others/500+1, others*800
			}
			if more := requests[others] - requests[0]; more > 11+pages {
				t.Errorf("%d others cost %d requests more, want at most 11 and %d pages", others, more, pages)
			}
			const rows = 250 // bytes of a name and an owner in three tables, and of the first hundred of each kind
			if more := bytes[others] - bytes[0]; more > others*rows+inventories {
				t.Errorf("%d others cost %d bytes more, want at most %d", others, more, others*rows+inventories)
			}
		})
	}
}

// TestMeasureLargeClusterSearch prints the figures of docs/performance.md, as TestMeasureLargeCluster does.
func TestMeasureLargeClusterSearch(t *testing.T) {
	if !*measure {
		t.Skip("only with -measure; requests and bytes are held by TestLargeClusterSearchCost")
	}
	t.Log("| subject | others of each kind | requests | bytes | wall | peak memory |")
	all := subjectsOfSearch()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, n := range []int{0, 1000} {
			c, namespace := newLargeCluster(t, n, 200)
			c.objects = all[name].change(c.objects)
			c.delay = 50 * time.Millisecond
			server := httptest.NewServer(requestguard.Handler(t, c))
			c.url = server.URL
			path := kubeconfig(t, map[string]*cluster{"control": c.cluster})
			best, peak := time.Hour, int64(0)
			for range 5 {
				c.requests.Store(0)
				c.bytes.Store(0)
				args := append([]string{"trace"}, all[name].args...)
				wall, rss := runBinary(t, all[name].exit, append(args, "-n", namespace, "--repo", t.TempDir(), "--kubeconfig", path)...)
				best, peak = min(best, wall), max(peak, rss)
			}
			server.Close()
			t.Logf("| %s | %d | %d | %.0f KB | %.3f s | %.1f MB |", name, n, c.requests.Load(), float64(c.bytes.Load())/1000, best.Seconds(), float64(peak)/1024)
		}
	}
}
