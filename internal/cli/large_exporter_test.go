package cli

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/fleet/fleettest"
)

// watchedFleet is an encodedCluster with tables, and with watches that report nothing until expire.
type watchedFleet struct {
	*encodedCluster
	*watchable
	lists, watches atomic.Int64
}

func (c *watchedFleet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _, _, name := pathParts(r.URL.Path)
	switch {
	case r.URL.Query().Get("watch") != "":
		c.watches.Add(1)
		c.watchable.ServeHTTP(w, r)
	case strings.Contains(r.Header.Get("Accept"), "as=Table"):
		c.lists.Add(1)
		c.table(w, r)
	case name != "" || r.URL.Query().Has("fieldSelector"):
		c.lists.Add(1)
		c.watchable.ServeHTTP(w, r)
	default:
		c.lists.Add(1)
		c.encodedCluster.ServeHTTP(w, r)
	}
}

func (c *watchedFleet) table(w http.ResponseWriter, r *http.Request) {
	group, namespace, plural, _ := pathParts(r.URL.Path)
	rows := []any{}
	for _, o := range c.encodedCluster.lists[group+"/"+plural] {
		if namespace != "" && o.namespace != namespace {
			continue
		}
		of := func(path string) string { return gjson.GetBytes(o.text, path).Str }
		rows = append(rows, map[string]any{
			"cells":  []any{of("metadata.name"), of("spec.owner.projectName"), of("spec.owner.componentName")},
			"object": map[string]any{"metadata": map[string]any{"name": of("metadata.name"), "namespace": o.namespace}},
		})
	}
	answer(w, http.StatusOK, map[string]any{
		"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": map[string]any{"resourceVersion": "7"}, "rows": rows,
		"columnDefinitions": []any{map[string]any{"name": "Name"}, map[string]any{"name": "Project"}, map[string]any{"name": "Component"}},
	})
}

// TestMeasureLargeClusterExporter prints what an exporter of a fleet costs, with the settings of its Deployment.
func TestMeasureLargeClusterExporter(t *testing.T) {
	if !*measure {
		t.Skip("only with -measure; that it only watches is held by TestExporter")
	}
	t.Log("| components × 3 environments | ready after | assessment | peak memory | lists, watches | in a minute without a change | scrape | text |")
	for _, size := range []int{300, 2000} {
		objects := fleettest.Multiply(t, fleettest.InThreeEnvironments(t, factstest.Scenario(t, "healthy")), size)
		c := &watchedFleet{encodedCluster: encodeCluster(t, objects)}
		c.version, c.watchable = "7", newWatchable(c.other)
		server := httptest.NewServer(c)
		path := kubeconfig(t, map[string]*cluster{"control": {url: server.URL}})
		cmd := exec.CommandContext(t.Context(), "../../bin/kubectl-choreo", "exporter", "-n", "healthy", "--kubeconfig", path, "--address", "127.0.0.1:0")
		cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "GOGC=50", "GOMEMLIMIT=360MiB")
		log, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(log).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		var reading sync.WaitGroup
		reading.Go(func() { _, _ = io.Copy(io.Discard, log) })
		_, address, _ := strings.Cut(line, "http://")
		at := "http://" + strings.TrimSuffix(address, "/metrics\n")
		for _, code := fetchText(t, at+"/readyz"); code != http.StatusOK; _, code = fetchText(t, at+"/readyz") {
			time.Sleep(100 * time.Millisecond)
		}
		ready := time.Since(begun)
		lists, watches := c.lists.Load(), c.watches.Load()
		time.Sleep(time.Minute)
		moreLists, moreWatches := c.lists.Load()-lists, c.watches.Load()-watches
		begin := time.Now()
		text, _ := fetchText(t, at+"/metrics")
		scrape := time.Since(begin)
		assessment := ""
		for one := range strings.Lines(text) {
			if rest, ok := strings.CutPrefix(one, "choreo_exporter_assessment_duration_seconds "); ok {
				assessment = strings.TrimSpace(rest)
			}
		}
		peak := highWater(cmd.Process.Pid)
		_ = cmd.Process.Signal(syscall.SIGTERM)
		reading.Wait()
		_ = cmd.Wait()
		server.CloseClientConnections()
		server.Close()
		t.Logf("| %d | %.1f s | %s s | %.0f MB | %d, %d | %d, %d | %.2f s | %.1f MB |", size, ready.Seconds(), assessment, float64(peak)/1024,
			lists, watches, moreLists, moreWatches, scrape.Seconds(), float64(len(text))/1e6)
	}
}

func fetchText(t *testing.T, address string) (string, int) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), r.StatusCode
}
