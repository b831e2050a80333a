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

// through starts a proxy before the lab's API server, and a kubeconfig that goes through it.
func through(t *testing.T) (*proxy.Proxy, string) {
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

// The delay is long against the API server's own time, so that the depth is the number of waves.
const budgetDelay = 400 * time.Millisecond

func TestBudget(t *testing.T) {
	// What is on its way costs two requests more: is its controller alive?
	settled := scenario{name: "default", limit: time.Minute, want: want{exit: 0, verdict: "Healthy"}}
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
			p, kubeconfig := through(t)
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
				t.Errorf("asked for discovery: %v", got)
			}
			if got := p.Secrets(); len(got) > 0 {
				t.Errorf("read Secrets: %v", got)
			}
			if t.Failed() {
				for _, request := range p.Requests() {
					t.Logf("%s %s %s %d", request.Begin.Format("05.000"), request.Method, request.Path, request.Status)
				}
			}
		})
	}
}

// cost is what one run took.
type cost struct {
	requests, depth int
	bytes           int64
	wall            time.Duration
	rss             int64 // KiB at the peak
}

func (c cost) String() string {
	return fmt.Sprintf("%3d | %2d | %7.1f KB | %6.3f s | %5.1f MB", c.requests, c.depth, float64(c.bytes)/1000, c.wall.Seconds(), float64(c.rss)/1024)
}

// measureRun takes the best of several runs, as the machine does other things too.
func measureRun(t *testing.T, p *proxy.Proxy, delay time.Duration, kubeconfig string, args ...string) cost {
	t.Helper()
	best := cost{wall: time.Hour}
	for range 5 {
		p.Reset(delay)
		wall, peak := timed(t, kubeconfig, args...)
		if wall < best.wall {
			best = cost{len(p.Requests()), p.Depth(), p.Bytes(), wall, max(peak, best.rss)}
		}
	}
	return best
}

// timed runs the program and reads its peak memory from the kernel while it runs. The rusage of a child is of no use:
// it begins with what the parent held when it forked.
func timed(t *testing.T, kubeconfig string, args ...string) (wall time.Duration, peak int64) {
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
