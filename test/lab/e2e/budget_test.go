package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"k8s.io/client-go/tools/clientcmd"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/proxy"
)

// startProxy starts a proxy in front of the lab's API server, and returns a kubeconfig that uses it.
func startProxy(t *testing.T) (*proxy.Proxy, string) {
	t.Helper()
	config, err := clientcmd.LoadFromFile(shared.lab.Kubeconfig(""))
	if err != nil {
		t.Fatal(err)
	}
	cluster := config.Clusters[config.Contexts[config.CurrentContext].Cluster]
	p, err := proxy.Start(cluster.Server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, request := range p.Undocumented() {
			t.Error(request)
		}
		p.Close()
	})
	cluster.Server = p.URL
	path := filepath.Join(t.TempDir(), "kubeconfig")
	if err := clientcmd.WriteToFile(*config, path); err != nil {
		t.Fatal(err)
	}
	return p, path
}

// budgetDelay is long compared with the API server's own time; see proxy.Depth.
const budgetDelay = 400 * time.Millisecond

func TestBudget(t *testing.T) {
	// For a progressing object, a trace sends two more requests, to check its controller.
	settled := scenario{name: "default", timeout: time.Minute, want: want{exit: 0, verdict: "Healthy"}}
	settled.await(t.Context(), t, &tenant{Tenant: &lab.Tenant{Namespace: "default"}, t: t})
	for _, c := range []struct {
		name     string
		args     []string
		requests int
	}{
		{"OneEnvironment", []string{"-e", "development"}, 20},
		{"TwoEnvironments", nil, 25},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, kubeconfig := startProxy(t)
			p.Reset(budgetDelay)
			r := choreoAs(t.Context(), t, kubeconfig, append([]string{"trace", "greeter-service", "-n", "default"}, c.args...)...)
			if r.exit != 0 {
				t.Fatalf("exit %d\n%s%s", r.exit, r.stdout, r.stderr)
			}
			if got := len(p.Requests()); got > c.requests {
				t.Errorf("%d requests, the budget is %d", got, c.requests)
			}
			if got := p.Depth(); got > 3 {
				t.Errorf("%d round trips deep, the budget is 3", got)
			}
			if got := p.Discovery(); len(got) > 0 {
				t.Errorf("discovery requests: %v", got)
			}
			if got := p.Secrets(); len(got) > 0 {
				t.Errorf("requests for Secrets: %v", got)
			}
			if t.Failed() {
				for _, request := range p.Requests() {
					t.Logf("%s %s %s %d", request.Begin.Format("05.000"), request.Method, request.Path, request.Status)
				}
			}
		})
	}
}

// cost is the cost of one run.
type cost struct {
	requests, depth int
	bytes           int64
	wall            time.Duration
	rss             int64 // KiB at the peak
}

func (c cost) String() string {
	return fmt.Sprintf("%3d | %2d | %7.1f KB | %6.3f s | %5.1f MB", c.requests, c.depth, float64(c.bytes)/1000, c.wall.Seconds(), float64(c.rss)/1024)
}

// measureRun returns the fastest of five runs, because other processes use the machine too.
func measureRun(t *testing.T, p *proxy.Proxy, delay time.Duration, kubeconfig string, args ...string) cost {
	t.Helper()
	best := cost{wall: time.Hour}
	for range 5 {
		p.Reset(delay)
		wall, peak := runTimed(t, kubeconfig, args...)
		if wall < best.wall {
			best = cost{len(p.Requests()), p.Depth(), p.Bytes(), wall, max(peak, best.rss)}
		}
	}
	return best
}

// runTimed runs the program and polls its peak memory in /proc. The rusage of a child is too high: it starts with the memory of the
// parent at the fork.
func runTimed(t *testing.T, kubeconfig string, args ...string) (wall time.Duration, peak int64) {
	t.Helper()
	cmd := command(t.Context(), t.TempDir(), kubeconfig, args...)
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
			if err != nil {
				t.Fatalf("%v: %v", args, err)
			}
			return time.Since(begin), peak
		case <-tick.C:
			peak = max(peak, highWater(cmd.Process.Pid))
		}
	}
}

var vmHWM = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

func highWater(pid int) int64 {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return 0
	}
	m := vmHWM.FindSubmatch(text)
	if m == nil {
		return 0
	}
	n, _ := strconv.ParseInt(string(m[1]), 10, 64)
	return n
}
