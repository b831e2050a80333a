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

	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
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
	f.BoolVar(&o.on, "probe", false, "also request each endpoint's URL, once all else has passed; through a port-forward where none is external")
	f.StringVar(&o.path, "probe-path", "", "path of these requests, below that of the URL")
	f.StringArrayVar(&o.headers, "probe-header", nil, "header of these requests, as `NAME: VALUE`; may be repeated")
	f.DurationVar(&o.timeout, "probe-timeout", 5*time.Second, "how long one request may take")
	f.StringVar(&o.status, "probe-status", "200-399", "statuses that are right, as in 200-299,401; redirections are not followed")
}

func (o *probeOptions) complete() error {
	if o.timeout <= 0 {
		return fmt.Errorf("read --probe-timeout %s: it must be more than nothing", o.timeout)
	}
	status, err := probe.ParseStatuses(o.status)
	if err != nil {
		return fmt.Errorf("read --probe-status: %w", err)
	}
	o.parsed = probe.Options{Header: http.Header{}, Timeout: o.timeout, Status: status, Path: o.path, Now: time.Now}
	for _, h := range o.headers {
		name, value, found := strings.Cut(h, ":")
		if name = strings.TrimSpace(name); !found || name == "" {
			return fmt.Errorf("read --probe-header: want NAME: VALUE, as in 'Authorization: Bearer x'")
		}
		o.parsed.Header.Add(name, strings.TrimSpace(value))
	}
	return nil
}

// askEndpoints asks those of what has passed. Until the grace is over an answer may still become right: a gateway learns of a
// route after the cluster says that it is accepted. timed ends when the time is over, but one request is made of each.
func (v *verifying) askEndpoints(ctx, timed context.Context) {
	if !v.probe.on {
		return
	}
	p := probe.New(v.probe.parsed)
	patient, cancel := context.WithTimeout(timed, v.grace)
	defer cancel()
	_ = each(v.all, func(c *candidate) error {
		if c.judgement.Decision == verify.Passed {
			v.askOf(ctx, patient, p, c)
		}
		return nil
	})
}

// askOf asks all endpoints of one component, until each has answered as it should or patient ends.
func (v *verifying) askOf(ctx, patient context.Context, p *probe.Prober, c *candidate) {
	for _, e := range c.trace.Environments {
		if e.Verdict == trace.VerdictSuspended {
			continue
		}
		asked := 0
		for _, name := range endpointNames(e) {
			asked += v.askEndpoint(ctx, patient, p, c, e, name)
		}
		if asked == 0 && len(e.Endpoints) > 0 {
			c.judgement = v.gate().NotProbed(c.judgement, c.subject, verify.NotProbed{
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

// askEndpoint asks the external URLs of an endpoint, or, where it has none, a pod behind its Service. It returns how many it asked,
// or could have if it might.
func (v *verifying) askEndpoint(ctx, patient context.Context, p *probe.Prober, c *candidate, e trace.Environment, name string) int {
	asked := 0
	for _, a := range addresses(e, name, outside) {
		a.URL = p.At(a.URL)
		c.answered(e.Name, a, "", v.ask(ctx, patient, p, a.URL))
		asked++
	}
	if asked > 0 {
		return asked
	}
	for _, a := range addresses(e, name, inside) {
		v.askPod(ctx, patient, p, c, e.Name, a)
		asked++
	}
	return asked
}

// addresses of an endpoint that can be asked, of one visibility.
func addresses(e trace.Environment, name, visibility string) []trace.Address {
	return slices.DeleteFunc(slices.Clone(e.Endpoints), func(a trace.Address) bool {
		return a.Name != name || a.Visibility != visibility || !probe.Probeable(a.URL)
	})
}

// askPod asks a pod behind a Service through the API server. That it cannot be reached that way says nothing of the endpoint.
func (v *verifying) askPod(ctx, patient context.Context, p *probe.Prober, c *candidate, environment string, a trace.Address) {
	b, err := findBackend(c.snapshot, a.URL)
	a.URL = p.At(a.URL)
	if err == nil {
		answer := v.ask(ctx, patient, p.Through(v.forwardTo(b)), a.URL)
		if err = answer.Err; !kube.IsForbidden(err) && !errors.Is(err, errNoCluster) {
			c.answered(environment, a, b.pod.Namespace+"/"+b.pod.Name, answer)
			return
		}
	}
	c.judgement = v.gate().NotProbed(c.judgement, c.subject, verify.NotProbed{
		Environment: environment, URL: a.URL, Why: err.Error(), Forbidden: kube.IsForbidden(err),
	})
}

// ask asks again until the answer is right. The first request is made whatever time is left.
func (v *verifying) ask(ctx, patient context.Context, p *probe.Prober, url string) (answer probe.Answer) {
	_ = wait.PollUntilContextCancel(patient, pollInterval, true, func(context.Context) (bool, error) {
		answer = p.Get(ctx, url)
		return answer.OK || v.timeout == 0 || kube.IsForbidden(answer.Err), nil
	})
	return answer
}

// answered keeps an answer, and what it means for the gate.
func (c *candidate) answered(environment string, a trace.Address, through string, answer probe.Answer) {
	one := verify.Probe{
		Environment: environment, Endpoint: a.Name, URL: a.URL, Through: through, OK: answer.OK, Status: answer.Status, Seconds: answer.Took.Seconds(),
	}
	if answer.Err != nil {
		one.Error = answer.Err.Error()
	}
	c.probes = append(c.probes, one)
	c.judgement = c.judgement.Answered(c.subject, one)
}
