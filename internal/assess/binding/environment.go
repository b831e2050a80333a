package binding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// AssessEnvironment looks up what the Environment names: its own Ready is always True, whatever its plane does
// (openchoreo v1.2.3 internal/controller/environment/controller.go).
func AssessEnvironment(p *view.Environment) *result.Result {
	o := p.Object(p.Ref("Environment", p.Name))
	j := result.New(trace.RungEnvironment, o.Ref)
	if l := p.Listed(facts.Control, kinds.OpenChoreo, "Environment", p.Namespace); o.Outcome == facts.NotAsked && l.Outcome != facts.NotAsked {
		switch {
		case l.Outcome != facts.Found:
			o.Outcome, o.Reason = l.Outcome, l.Reason
		case !l.Truncated && !slices.Contains(l.Items, o.Ref):
			o.Outcome = facts.Absent // a complete list without it
		}
	}
	if o.Outcome == facts.Absent {
		j.Cause = result.NotFound()
		j.Summary = fmt.Sprintf("%s does not exist", p.Name)
		return j.Fail(trace.Finding{
			Code: trace.CodeEnvironmentNotFound, Message: delivery.NotFoundMessage(p.Component, o.Ref),
			Hint: namedBy(p),
		})
	}
	if j.CannotRead(o) {
		return j
	}
	if view.Deleting(o.Body) {
		j.Fail(p.TerminatingFinding(o))
	}
	assessPlane(p, j)
	if j.Current = delivery.DeclaredCurrency(p.Component, o); j.Current == trace.CurrencyUnknown {
		j.Current = trace.Current
	}
	return j
}

// namedBy reports where the environment is named. One that only the command line names is named by neither.
func namedBy(p *view.Environment) string {
	pipeline := p.Pipeline()
	switch {
	case p.Binding.Outcome == facts.Found:
		hint := fmt.Sprintf("%s names it in spec.environment, which is immutable: commit the Environment, or replace the ReleaseBinding", p.Binding.Ref)
		if pipeline.Outcome == facts.Found && !slices.Contains(kinds.PipelineEnvironments(pipeline.Body), p.Name) {
			hint += fmt.Sprintf("; %s does not list it in spec.promotionPaths", pipeline.Ref)
		}
		return hint
	case slices.Contains(kinds.PipelineEnvironments(pipeline.Body), p.Name):
		return fmt.Sprintf("%s names it in spec.promotionPaths: commit the Environment, or correct the name", pipeline.Ref)
	}
	return ""
}

func assessPlane(p *view.Environment, j *result.Result) {
	plane := p.DataPlane()
	if plane.Outcome == facts.Absent {
		j.Summary = fmt.Sprintf("%s does not exist", plane.Ref)
		j.Fail(trace.Finding{
			Code: trace.CodeDataPlaneNotFound, Object: plane.Ref, Message: fmt.Sprintf("%s does not exist", plane.Ref),
			Hint: planeHint(p, plane.Ref), Path: []facts.Ref{j.Object},
		})
		return
	}
	if j.CannotRead(plane) {
		return
	}
	certificate(p, j, plane)
	planeGeneration(j, plane)
	agents, connected := agents(p, j, plane)
	if connected {
		j.OK("%s, %s connected", plane.Ref, result.Count(agents, "agent"))
	}
}

// planeHint says whether the plane is missing, or the Environment names another one than is meant. spec.dataPlaneRef is immutable once set,
// and OpenChoreo does not delete an Environment that a DeploymentPipeline lists (openchoreo v1.2.3 api/v1alpha1 environment_types.go,
// internal/controller/environment/controller_finalize.go).
func planeHint(p *view.Environment, plane facts.Ref) string {
	environment := p.Object(p.Ref("Environment", p.Name))
	if kinds.Text(environment.Body, "spec", "dataPlaneRef", "name") == "" {
		return fmt.Sprintf("%s has no spec.dataPlaneRef, so it needs the DataPlane or ClusterDataPlane default: commit one, or set the field in Git", environment.Ref)
	}
	existing := otherPlanes(p, plane)
	hint := fmt.Sprintf("%s refers to it in spec.dataPlaneRef, which is immutable: commit the %s; if another plane is meant", environment.Ref, plane.Kind)
	if existing != "" {
		hint += ", such as " + existing + ","
	}
	hint += " correct the field in Git, and delete the Environment, so that it is created again with its bindings"
	if pipeline := p.Pipeline(); slices.Contains(kinds.PipelineEnvironments(pipeline.Body), p.Name) {
		hint += fmt.Sprintf("; %s lists it in spec.promotionPaths, and it is not deleted before it is removed there", pipeline.Ref)
	}
	return hint
}

// otherPlanes are the planes that exist.
func otherPlanes(p *view.Environment, absent facts.Ref) string {
	var names []string
	for _, kind := range []string{"DataPlane", "ClusterDataPlane"} {
		for _, o := range p.Of(facts.Control, kinds.OpenChoreo, kind) {
			if o.Ref != absent && (o.Ref.Namespace == "" || o.Ref.Namespace == p.Namespace) {
				names = append(names, o.Ref.String())
			}
		}
	}
	return strings.Join(names[:min(3, len(names))], " or ")
}

// agents judges the connection of the plane's agent. OpenChoreo polls the gateway once a minute and keeps the last
// answer when the gateway is away, so an old heartbeat makes "connected" worthless.
func agents(p *view.Environment, j *result.Result, plane facts.Object) (agents int64, connected bool) {
	agents, _ = kinds.Number(plane.Body, "status", "agentConnection", "connectedAgents")
	if !kinds.Bool(plane.Body, "status", "agentConnection", "connected") {
		disconnected(p, j, plane)
		return agents, false
	}
	heartbeat := kinds.Time(plane.Body, "status", "agentConnection", "lastHeartbeatTime")
	if !p.Within(heartbeat, view.HeartbeatTimeout) {
		j.Note(trace.Warning, trace.Finding{
			Code: trace.CodeAgentSilent, Object: plane.Ref, Since: heartbeat,
			Message: "status.agentConnection.connected is true, but the last heartbeat is out of date",
			Hint:    "the cluster-gateway may be down: OpenChoreo then keeps the last status",
		})
	}
	return agents, true
}

// disconnected: with the next poll an agent that has reconnected is reported as connected again. An agent that was never connected has no
// time of its disconnection: OpenChoreo has polled since the plane was created.
func disconnected(p *view.Environment, j *result.Result, plane facts.Object) {
	since := kinds.Time(plane.Body, "status", "agentConnection", "lastDisconnectedTime")
	begun := since
	if begun.IsZero() {
		begun = plane.Body.GetCreationTimestamp().Time
	}
	if j.State != trace.Failed && !begun.IsZero() && p.Within(begun, view.AgentTimeout) {
		j.Wait(begun, "%s has no agent connected", plane.Ref)
		return
	}
	j.Summary = fmt.Sprintf("%s has no agent connected", plane.Ref)
	j.Fail(trace.Finding{
		Code: trace.CodeAgentDisconnected, Object: plane.Ref,
		Message: cmp.Or(kinds.Text(plane.Body, "status", "agentConnection", "message"), "no agent is connected"),
		Since:   since,
		Hint:    "OpenChoreo cannot apply changes to this data plane, and the status of its objects may be out of date. Running pods are not affected",
		Path:    []facts.Ref{j.Object},
	})
}
