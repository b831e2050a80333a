package verify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/components"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/podconn"
	"github.com/kubectl-choreo/kubectl-choreo/internal/probe"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// pollInterval is the time between two requests to an endpoint that does not answer as it should.
const pollInterval = time.Second

type probeOptions struct {
	on      bool
	headers []string
	path    string
	timeout time.Duration
	status  string

	parsed probe.Options
}

func (o *probeOptions) addFlags(f *pflag.FlagSet) {
	f.BoolVar(&o.on, "probe", false, "also request the URL of each endpoint after all other checks passed; uses a port-forward where the URL is internal")
	f.StringVar(&o.path, "probe-path", "", "path of the probe, appended to the URL")
	f.StringArrayVar(&o.headers, "probe-header", nil, "header of the probe, as `NAME: VALUE`; may be repeated")
	f.DurationVar(&o.timeout, "probe-timeout", 5*time.Second, "timeout of one probe")
	f.StringVar(&o.status, "probe-status", "200-399", "HTTP statuses that pass, such as 200-299,401; redirects are not followed")
}

func (o *probeOptions) complete() error {
	if o.timeout <= 0 {
		return fmt.Errorf("invalid --probe-timeout %s: it must be greater than 0", o.timeout)
	}
	status, err := probe.ParseStatuses(o.status)
	if err != nil {
		return fmt.Errorf("invalid --probe-status: %w", err)
	}
	o.parsed = probe.Options{Header: http.Header{}, Timeout: o.timeout, Status: status, Path: o.path, Now: time.Now}
	for _, h := range o.headers {
		name, value, found := strings.Cut(h, ":")
		if name = strings.TrimSpace(name); !found || name == "" {
			return fmt.Errorf("invalid --probe-header: use NAME: VALUE, such as 'Authorization: Bearer x'")
		}
		o.parsed.Header.Add(name, strings.TrimSpace(value))
	}
	return nil
}

// probeEndpoints probes the endpoints of the components that have passed. Until the grace is over an answer may still become right: a
// gateway learns of a route after the cluster says that it is accepted. timed ends with --timeout, but one request is made of each.
func (v *verifying) probeEndpoints(ctx, timed context.Context) {
	if !v.probe.on {
		return
	}
	retrying, cancel := context.WithTimeout(timed, v.grace)
	defer cancel()
	p := prober{Prober: probe.New(v.probe.parsed), gate: v.gate(), source: v.reader.Source, retrying: retrying, once: v.timeout == 0}
	_ = components.Each(len(v.all), func(at int) error {
		if c := v.all[at]; c.judgement.Decision == verify.Passed {
			p.probeComponent(ctx, c)
		}
		return nil
	})
}

// prober requests the endpoints of components until each answers as expected, or retrying ends.
type prober struct {
	*probe.Prober
	gate     verify.Gate
	source   *kube.Source    // nil where a file is judged
	retrying context.Context // ends when no request is repeated; those under way go on
	once     bool            // no request is repeated at all
}

// probeComponent probes all endpoints of one component.
func (p prober) probeComponent(ctx context.Context, c *candidate) {
	for _, e := range c.trace.Environments {
		if e.Verdict == trace.VerdictSuspended {
			continue
		}
		probed := 0
		for _, name := range endpointNames(e) {
			probed += p.probeEndpoint(ctx, c, e, name)
		}
		if probed == 0 && len(e.Endpoints) > 0 {
			c.judgement = p.gate.NotProbed(c.judgement, c.subject, verify.NotProbed{
				Environment: e.Name, URL: e.Endpoints[0].URL, Why: "none of its endpoints speaks HTTP",
			})
		}
	}
}

// endpointNames are those of an environment, each once.
func endpointNames(e trace.Environment) []string {
	var names []string
	for _, a := range e.Endpoints {
		if !slices.Contains(names, a.Name) {
			names = append(names, a.Name)
		}
	}
	return names
}

// The visibilities of an endpoint that matter here: whether anybody can reach it, or the cell only.
const (
	outside = "external"
	inside  = "project"
)

// probeEndpoint requests the external URLs of an endpoint, or, where it has none, a pod behind its Service. It returns the number of
// addresses that can be requested.
func (p prober) probeEndpoint(ctx context.Context, c *candidate, e trace.Environment, name string) int {
	external := addresses(e, name, outside)
	for _, a := range external {
		a.URL = p.At(a.URL)
		c.probed(e.Name, a, "", p.request(ctx, p.Prober, a.URL))
	}
	if len(external) > 0 {
		return len(external)
	}
	internal := addresses(e, name, inside)
	for _, a := range internal {
		p.probePod(ctx, c, e.Name, a)
	}
	return len(internal)
}

// addresses of an endpoint that can be requested, of one visibility.
func addresses(e trace.Environment, name, visibility string) []trace.Address {
	return slices.DeleteFunc(slices.Clone(e.Endpoints), func(a trace.Address) bool {
		return a.Name != name || a.Visibility != visibility || !probe.Probeable(a.URL)
	})
}

// probePod requests a pod behind a Service through the API server. That it cannot be reached that way says nothing of the endpoint.
func (p prober) probePod(ctx context.Context, c *candidate, environment string, a trace.Address) {
	b, err := findBackend(c.snapshot, a.URL)
	a.URL = p.At(a.URL)
	if err == nil {
		answer := p.request(ctx, p.Through(p.forwardTo(b)), a.URL)
		if err = answer.Err; !podconn.IsForbidden(err) && !errors.Is(err, errNoCluster) {
			c.probed(environment, a, b.pod.Namespace+"/"+b.pod.Name, answer)
			return
		}
	}
	c.judgement = p.gate.NotProbed(c.judgement, c.subject, verify.NotProbed{
		Environment: environment, URL: a.URL, Why: err.Error(), Forbidden: podconn.IsForbidden(err),
	})
}

// request repeats a request until the answer is right. The first one is made whatever time is left.
func (p prober) request(ctx context.Context, through *probe.Prober, url string) (answer probe.Answer) {
	_ = wait.PollUntilContextCancel(p.retrying, pollInterval, true, func(context.Context) (bool, error) {
		answer = through.Get(ctx, url)
		return answer.OK || p.once || podconn.IsForbidden(answer.Err), nil
	})
	return answer
}

// probed keeps an answer, and what it means for the gate.
func (c *candidate) probed(environment string, a trace.Address, through string, answer probe.Answer) {
	one := verify.Probe{
		Environment: environment, Endpoint: a.Name, URL: a.URL, Through: through, OK: answer.OK, Status: answer.Status, Seconds: answer.Took.Seconds(),
	}
	if answer.Err != nil {
		one.Error = answer.Err.Error()
	}
	c.probes = append(c.probes, one)
	c.judgement = c.judgement.Answered(c.subject, one)
}
