package trace

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// nested reads a map of an object without copying it; nil when it is not there.
func nested(o facts.Object, path ...string) map[string]any {
	if o.Body == nil {
		return nil
	}
	field, _, _ := unstructured.NestedFieldNoCopy(o.Body.Object, path...)
	m, _ := field.(map[string]any)
	return m
}

// dataPlane resolves the plane of an Environment. An explicit reference means exactly that kind; without one it is
// the DataPlane "default" of the namespace, else the ClusterDataPlane of that name (openchoreo v1.2.3
// internal/controller/reference.go:124). Whether there is one in the namespace must be known for the second.
func (p *place) dataPlane() facts.Object {
	env := p.Object(p.ref("Environment", p.name))
	if name := kinds.Text(env.Body, "spec", "dataPlaneRef", "name"); name != "" {
		kind := kinds.Text(env.Body, "spec", "dataPlaneRef", "kind")
		if kind == "" {
			kind = "DataPlane"
		}
		return p.Object(p.ref(kind, name))
	}
	own := p.Object(p.ref("DataPlane", "default"))
	switch own.Outcome {
	case facts.Found, facts.Forbidden, facts.Unreachable, facts.Invalid:
		return own
	case facts.NotAsked, facts.Absent, facts.NoKind:
	}
	return p.Object(p.ref("ClusterDataPlane", "default"))
}

// plane is the name under which the Snapshot holds the plane's objects. Where it is not known whether the namespace has a
// DataPlane, they were asked for under the name of the cluster's; what they carry tells whether they are ours.
func (p *place) plane() facts.Plane {
	if o := p.dataPlane(); o.Outcome == facts.Found || p.namesPlane() {
		return planeName(o.Ref)
	}
	return planeName(p.ref("ClusterDataPlane", "default"))
}

// namesPlane reports whether the Environment says which plane it is on.
func (p *place) namesPlane() bool {
	return kinds.Text(p.Object(p.ref("Environment", p.name)).Body, "spec", "dataPlaneRef", "name") != ""
}

func planeName(ref facts.Ref) facts.Plane {
	if ref.Namespace != "" {
		return facts.Plane(ref.Namespace + "/" + ref.Name)
	}
	return facts.Plane(ref.Name)
}

// assessEnvironment looks up what the Environment names: its own Ready is always True, whatever its plane does
// (openchoreo v1.2.3 internal/controller/environment/controller.go).
func assessEnvironment(p *place) *judgement {
	o := p.Object(p.ref("Environment", p.name))
	j := rung(RungEnvironment, o.Ref)
	if l := p.Listed(facts.Control, kinds.OpenChoreo, "Environment", p.ns); o.Outcome == facts.NotAsked && l.Outcome != facts.NotAsked {
		o.Outcome, o.Reason = l.Outcome, l.Reason
		if l.Outcome == facts.Found && !l.Truncated {
			o.Outcome = facts.Absent // a complete list without it
		}
	}
	if o.Outcome == facts.Absent {
		j.absent = true
		j.Summary = fmt.Sprintf("%s is not there", p.name)
		return j.fail(Finding{
			Code: CodeEnvironmentAbsent, Message: p.missing(o.Ref),
			Hint: fmt.Sprintf("%s names it in spec.environment", p.bindingName()),
		})
	}
	if j.unread(o) {
		return j
	}
	if deleting(o.Body) {
		j.fail(terminating(o))
	}
	p.assessPlane(j)
	if j.Current = p.declaredCurrency(o); j.Current == CurrencyUnknown {
		j.Current = Current
	}
	return j
}

func (p *place) bindingName() string {
	if p.binding.Ref.IsZero() {
		return "the pipeline"
	}
	return p.binding.Ref.String()
}

func (p *place) assessPlane(j *judgement) {
	plane := p.dataPlane()
	if plane.Outcome == facts.Absent {
		j.Summary = fmt.Sprintf("%s is not there", plane.Ref)
		j.fail(Finding{
			Code: CodeDataPlaneAbsent, Object: plane.Ref, Message: fmt.Sprintf("%s does not exist", plane.Ref),
			Hint: fmt.Sprintf("Environment %s runs on it", p.name), Path: []facts.Ref{j.Object},
		})
		return
	}
	if j.unread(plane) {
		return
	}
	p.certificate(j, plane)
	planeGeneration(j, plane)
	agents, connected := p.agents(j, plane)
	if connected {
		j.ok("%s, %s", plane.Ref, count(agents, "agent"))
	}
}

// agents judges the connection of the plane's agent. OpenChoreo polls the gateway once a minute and keeps the last
// answer when the gateway is away, so an old heartbeat makes "connected" worthless.
func (p *place) agents(j *judgement, plane facts.Object) (agents int64, connected bool) {
	agents, _ = kinds.Number(plane.Body, "status", "agentConnection", "connectedAgents")
	if !kinds.Bool(plane.Body, "status", "agentConnection", "connected") {
		p.disconnected(j, plane)
		return agents, false
	}
	heartbeat := kinds.Time(plane.Body, "status", "agentConnection", "lastHeartbeatTime")
	if !p.within(heartbeat, heartbeatClock) {
		j.note(Warning, Finding{
			Code: CodeAgentSilent, Object: plane.Ref, Since: heartbeat,
			Message: "connected is true, but the last heartbeat is old",
			Hint:    "the gateway may be away; then OpenChoreo keeps the last answer",
		})
	}
	return agents, true
}

// disconnected: with the next poll an agent that has reconnected is reported as connected again. One that was never seen has no time
// of its disconnection.
func (p *place) disconnected(j *judgement, plane facts.Object) {
	since := kinds.Time(plane.Body, "status", "agentConnection", "lastDisconnectedTime")
	if j.State != Failed && !since.IsZero() && p.within(since, agentClock) {
		j.wait(since, "%s has no agent connected", plane.Ref)
		return
	}
	j.Summary = fmt.Sprintf("%s has no agent connected", plane.Ref)
	j.fail(Finding{
		Code: CodeAgentDisconnected, Object: plane.Ref,
		Message: orElse(kinds.Text(plane.Body, "status", "agentConnection", "message"), "no agent is connected"),
		Since:   since,
		Hint:    "nothing new reaches the plane, and what is said of it below may be old; what runs there keeps running",
		Path:    []facts.Ref{j.Object},
		Next:    []string{"kubectl -n openchoreo-data-plane logs deployment/cluster-agent-dataplane --tail=20   # on the data plane"},
	})
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
