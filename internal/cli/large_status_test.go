package cli

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/fleet/fleettest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// encodedCluster serves lists of objects that are encoded once: a fleet is large, and the server shares the processor.
type encodedCluster struct {
	other *cluster                   // it serves single objects
	lists map[string][]encodedObject // by group and plural
	paths map[string]string          // of these lists
	// version is the resourceVersion of each list; "": there is none, so that no client watches.
	version string
}

type encodedObject struct {
	namespace string
	labels    labels.Set
	text      json.RawMessage
}

func encodeCluster(t *testing.T, objects []facts.Object) *encodedCluster {
	t.Helper()
	c := &encodedCluster{other: newCluster(objects), lists: map[string][]encodedObject{}, paths: map[string]string{}}
	for _, o := range c.other.objects {
		text, err := json.Marshal(o.Body.Object)
		if err != nil {
			t.Fatal(err)
		}
		kind, _ := kinds.Lookup(o.Ref.Group, o.Ref.Kind)
		key := o.Ref.Group + "/" + kind.Plural
		if c.paths[key] = "/api/v1/" + kind.Plural; o.Ref.Group != "" {
			c.paths[key] = "/apis/" + o.Ref.Group + "/" + kind.Version + "/" + kind.Plural
		}
		c.lists[key] = append(c.lists[key], encodedObject{o.Ref.Namespace, o.Body.GetLabels(), text})
	}
	return c
}

func (c *encodedCluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	group, namespace, plural, name := pathParts(r.URL.Path)
	selector, err := labels.Parse(r.URL.Query().Get("labelSelector"))
	if name != "" || r.URL.Query().Has("fieldSelector") || err != nil {
		c.other.ServeHTTP(w, r)
		return
	}
	items := []any{}
	for _, o := range c.lists[group+"/"+plural] {
		if (namespace == "" || o.namespace == namespace) && selector.Matches(o.labels) {
			items = append(items, o.text)
		}
	}
	out := io.Writer(w)
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		compressed, _ := gzip.NewWriterLevel(w, gzip.BestSpeed)
		defer func() { _ = compressed.Close() }()
		out = compressed
	}
	w.Header().Set("Content-Type", "application/json")
	page, metadata := onePage(items, r.URL.Query())
	if c.version != "" {
		metadata["resourceVersion"] = c.version
	}
	_ = json.NewEncoder(out).Encode(map[string]any{"apiVersion": "v1", "kind": "List", "metadata": metadata, "items": page})
}

// fetchLists is how long it takes to read the lists of which a fleet is judged, all at once, and to look at nothing.
func fetchLists(t *testing.T, server string, c *encodedCluster) time.Duration {
	t.Helper()
	var group errgroup.Group
	begin := time.Now()
	for _, path := range c.paths {
		group.Go(func() error { return fetchPages(t.Context(), server+path) })
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	return time.Since(begin)
}

// fetchPages reads a list in the pages of client-go.
func fetchPages(ctx context.Context, list string) error {
	for next := "0"; next != ""; {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, list+"?limit=500&continue="+url.QueryEscape(next), nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		var page struct{ Metadata struct{ Continue string } }
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || json.Unmarshal(body, &page) != nil {
			return fmt.Errorf("%s: %w", list, err)
		}
		next = page.Metadata.Continue
	}
	return nil
}

// countedCluster counts requests, and the bytes of their answers without compression.
type countedCluster struct {
	*encodedCluster
	requests, bytes atomic.Int64
}

func (c *countedCluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.requests.Add(1)
	r.Header.Del("Accept-Encoding")
	c.encodedCluster.ServeHTTP(&countingWriter{ResponseWriter: w, to: w, bytes: &c.bytes}, r)
}

// TestStatusBudget: in three environments, an overview transfers what the lists of whole kinds have, and little more. A batch of a hundred
// components takes a list of its RenderedReleases, and in each cell those of the Deployments and the pods. The other lists are read once, in
// pages of 500.
func TestStatusBudget(t *testing.T) {
	t.Parallel()
	const lists, batch = 19, 1 + 2*3
	for _, components := range []int{100, 300} {
		c := &countedCluster{encodedCluster: encodeCluster(t, fleettest.Multiply(t, fleettest.InThreeEnvironments(t, factstest.Scenario(t, "healthy")), components))}
		server := httptest.NewServer(requestguard.Handler(t, c))
		t.Cleanup(server.Close)
		fetchLists(t, server.URL, c.encodedCluster)
		alone := c.bytes.Swap(0)
		c.requests.Store(0)
		_, stderr, exit := runIn(t, nil, "status", "-n", "healthy", "--repo", t.TempDir(), "--kubeconfig", kubeconfig(t, map[string]*cluster{"control": {url: server.URL}}))
		if exit != cmdutil.ExitOK {
			t.Fatalf("exit %d: %s", exit, stderr)
		}
		requests, ratio := c.requests.Load(), float64(c.bytes.Load())/float64(alone)
		if allowed := int64(lists + batch*components/100); requests > allowed || ratio > 1.5 {
			t.Errorf("%d components: %d requests, want at most %d; %.2f times the bytes of the lists, want at most 1.5", components, requests, allowed, ratio)
		}
	}
}

// TestMeasureLargeClusterStatus prints what an overview of a fleet costs, beside the lists alone, on the same machine.
func TestMeasureLargeClusterStatus(t *testing.T) {
	if !*measure {
		t.Skip("only with -measure; requests are held by TestStatusCost, requests and bytes by TestStatusBudget")
	}
	t.Log("| components × 3 environments | lists alone | status | ratio | peak memory | verify | peak memory |")
	for _, size := range []int{300, 2000} {
		c := encodeCluster(t, fleettest.Multiply(t, fleettest.InThreeEnvironments(t, factstest.Scenario(t, "healthy")), size))
		server := httptest.NewServer(c)
		path := kubeconfig(t, map[string]*cluster{"control": {url: server.URL}})
		alone, best := time.Hour, map[string]time.Duration{"status": time.Hour, "verify": time.Hour}
		peak := map[string]int64{}
		for range 3 {
			alone = min(alone, fetchLists(t, server.URL, c))
			for command, args := range map[string][]string{"status": {"status"}, "verify": {"verify", "--timeout", "0"}} {
				wall, high := runBinary(t, cmdutil.ExitOK, append(args, "-n", "healthy", "--repo", t.TempDir(), "--kubeconfig", path)...)
				best[command], peak[command] = min(best[command], wall), max(peak[command], high)
			}
		}
		server.Close()
		t.Logf("| %d | %.2f s | %.2f s | %.2f | %.0f MB | %.2f s | %.0f MB |", size, alone.Seconds(), best["status"].Seconds(),
			best["status"].Seconds()/alone.Seconds(), float64(peak["status"])/1024, best["verify"].Seconds(), float64(peak["verify"])/1024)
	}
}
