package cli

import (
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

var measure = flag.Bool("measure", false, "print what a trace of a large cluster costs (make bench)")

// largeCluster is a healthy component among n objects of others of each kind that grows with the cluster. It compresses as an API
// server does, answers tables, and waits before each answer.
type largeCluster struct {
	*cluster
	delay    time.Duration
	requests atomic.Int64
	bytes    atomic.Int64 // before compression
}

func newLargeCluster(t *testing.T, n, entries int) (*largeCluster, string) {
	t.Helper()
	s := factstest.Scenario(t, "healthy")
	inventory := []any{}
	for i := range entries {
		inventory = append(inventory, map[string]any{"id": fmt.Sprintf("team-%d_component-%d_openchoreo.dev_Component", i%20, i), "v": "v1alpha1"})
	}
	objects := s.Objects()
	for i := range n {
		objects = append(objects, others(s.Subject.Namespace, i, inventory)...)
	}
	return &largeCluster{cluster: newCluster(objects)}, s.Subject.Namespace
}

// others are one object of each kind.
func others(namespace string, i int, inventory []any) []facts.Object {
	other := func(group, kind, namespace string, fields map[string]any) facts.Object {
		known, _ := kinds.Lookup(group, kind)
		ref := facts.Ref{Plane: facts.Control, Group: group, Kind: kind, Namespace: namespace, Name: fmt.Sprintf("other-%d", i)}
		body := &unstructured.Unstructured{Object: map[string]any{"apiVersion": group + "/" + known.Version, "kind": kind}}
		maps.Copy(body.Object, fields)
		body.SetName(ref.Name)
		body.SetNamespace(namespace)
		return facts.Object{Ref: ref, Outcome: facts.Found, Body: body}
	}
	return []facts.Object{
		other(kinds.FluxKustomize, "Kustomization", "flux-system", map[string]any{"status": map[string]any{"inventory": map[string]any{"entries": inventory}}}),
		other(kinds.FluxHelm, "HelmRelease", "flux-system", nil),
		other(kinds.ArgoCD, "Application", "argocd", nil),
		other(kinds.OpenChoreo, "Environment", namespace, nil),
		other(kinds.OpenChoreo, "ProjectReleaseBinding", namespace, map[string]any{
			"spec": map[string]any{"environment": "development", "owner": map[string]any{"projectName": "other"}},
		}),
	}
}

func (c *largeCluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.requests.Add(1)
	time.Sleep(c.delay)
	counted := &countingWriter{ResponseWriter: w, to: w, bytes: &c.bytes}
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		compressed, _ := gzip.NewWriterLevel(w, gzip.BestSpeed)
		defer func() { _ = compressed.Close() }()
		counted.to = compressed
	}
	if strings.Contains(r.Header.Get("Accept"), "as=Table") {
		c.table(counted, r)
		return
	}
	c.cluster.ServeHTTP(counted, r)
}

// table names the owners of the objects of a kind.
func (c *largeCluster) table(w http.ResponseWriter, r *http.Request) {
	group, namespace, plural, _ := pathParts(r.URL.Path)
	rows := []any{}
	for _, o := range c.objects {
		if kind, _ := kinds.Lookup(o.Ref.Group, o.Ref.Kind); o.Ref.Group != group || kind.Plural != plural || o.Ref.Namespace != namespace {
			continue
		}
		of := func(field string) string { return kinds.Text(o.Body, "spec", "owner", field) }
		rows = append(rows, map[string]any{"cells": []any{o.Ref.Name, of("projectName"), of("componentName")}})
	}
	answer(w, http.StatusOK, map[string]any{
		"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": map[string]any{}, "rows": rows,
		"columnDefinitions": []any{map[string]any{"name": "Name"}, map[string]any{"name": "Project"}, map[string]any{"name": "Component"}},
	})
}

// countingWriter counts the bytes of an answer on their way to a compressor.
type countingWriter struct {
	http.ResponseWriter
	to    io.Writer
	bytes *atomic.Int64
}

func (w *countingWriter) Write(p []byte) (int, error) {
	w.bytes.Add(int64(len(p)))
	return w.to.Write(p) //nolint:wrapcheck // it is the writer
}

// TestLargeClusterCost: twice as many objects of others cost the same requests, and the bytes of longer tables.
func TestLargeClusterCost(t *testing.T) {
	t.Parallel()
	requests, bytes := map[int]int64{}, map[int]int64{}
	for _, n := range []int{0, 200, 400} {
		c, namespace := newLargeCluster(t, n, 10)
		server := httptest.NewServer(requestguard.Handler(t, c))
		t.Cleanup(server.Close)
		c.url = server.URL
		_, stderr, exit := runIn(t, nil, "trace", "greeter-service", "-n", namespace, "-e", "development", "--repo", t.TempDir(),
			"--kubeconfig", kubeconfig(t, map[string]*cluster{"control": c.cluster}))
		if exit != cmdutil.ExitOK {
			t.Fatalf("%d others: exit %d: %s", n, exit, stderr)
		}
		requests[n], bytes[n] = c.requests.Load(), c.bytes.Load()
	}
	if requests[0] != 19 || requests[200] > 28 || requests[400] != requests[200] {
		t.Errorf("requests by the number of others: %v, want 19, and at most 28 twice", requests)
	}
	const rows = 2 * 200 * 100 // bytes of 200 more rows in each of two tables
	if more := bytes[400] - bytes[200]; more > rows {
		t.Errorf("200 others more cost %d bytes, want at most %d", more, rows)
	}
}

// TestMeasureLargeCluster prints the figures of docs/performance.md. It is no test of them: times depend on the machine.
func TestMeasureLargeCluster(t *testing.T) {
	if !*measure {
		t.Skip("only with -measure; requests and bytes are held by TestLargeClusterCost")
	}
	t.Log("| others of each kind | requests | bytes | wall | peak memory |")
	for _, n := range []int{0, 1000} {
		c, namespace := newLargeCluster(t, n, 200)
		c.delay = 50 * time.Millisecond
		server := httptest.NewServer(requestguard.Handler(t, c))
		c.url = server.URL
		path := kubeconfig(t, map[string]*cluster{"control": c.cluster})
		best, peak := time.Hour, int64(0)
		for range 9 {
			c.requests.Store(0)
			c.bytes.Store(0)
			wall, rss := runBinary(t, cmdutil.ExitOK, "trace", "greeter-service", "-n", namespace, "-e", "development", "--repo", t.TempDir(), "--kubeconfig", path)
			best, peak = min(best, wall), max(peak, rss)
		}
		server.Close()
		t.Logf("| %d | %d | %.0f KB | %.3f s | %.1f MB |", n, c.requests.Load(), float64(c.bytes.Load())/1000, best.Seconds(), float64(peak)/1024)
	}
}

// runBinary runs what make build has built, and reads its peak memory from the kernel while it runs. The rusage of a child is of no
// use: it begins with what the parent held when it forked.
func runBinary(t *testing.T, exit int, args ...string) (wall time.Duration, peak int64) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "../../bin/kubectl-choreo", args...)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			if cmd.ProcessState.ExitCode() != exit {
				t.Fatal(err)
			}
			return time.Since(begin), peak
		case <-tick.C:
			peak = max(peak, highWater(cmd.Process.Pid))
		}
	}
}

var vmHWM = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// highWater is the peak memory of a process in KiB so far.
func highWater(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	found := vmHWM.FindSubmatch(text)
	if found == nil {
		return 0
	}
	kib, _ := strconv.ParseInt(string(found[1]), 10, 64)
	return kib
}
