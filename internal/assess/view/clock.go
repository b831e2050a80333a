package view

import (
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const (
	// maxSkew is how far a clock is taken to be off without a proof: after a longer silence, controllers have stopped.
	maxSkew = 10 * time.Minute
	// pollInterval: OpenChoreo polls the connections of its agents every minute (v1.2.3 controller_common.go:30).
	pollInterval = 90 * time.Second
)

// ClusterTime is the time of the cluster at which s was read. TakenAt is just that where the clocks were compared. Where they
// were not, a clock that is ahead makes everything look late at once. It shows: controllers that have nothing to do with
// each other gave their last signs of life together, nothing in the cluster is newer, and none is known to be down. Then the
// newest time in the cluster is as late as it can have been. One controller that has stopped leaves the others behind it
// going; where all have, their Deployments report it.
func ClusterTime(s *facts.Snapshot) time.Time {
	if s.Skew != nil {
		return s.TakenAt
	}
	signs, down := signsOfLife(s)
	newest := newestTime(s)
	silence := s.TakenAt.Sub(newest)
	if down || len(signs) < 2 || newest.IsZero() || silence > maxSkew {
		return s.TakenAt
	}
	late := false
	for _, sign := range signs {
		if sign.stale(newest) {
			return s.TakenAt
		}
		late = late || sign.stale(s.TakenAt)
	}
	if !late {
		return s.TakenAt
	}
	return newest
}

// sign is something that a controller writes again and again.
type sign struct {
	lease     facts.Object
	heartbeat time.Time // where there is no Lease
}

func (g sign) stale(now time.Time) bool {
	if g.lease.Outcome == facts.Found {
		_, stale := kinds.Renewed(g.lease.Body, now)
		return stale
	}
	return now.Sub(g.heartbeat) > pollInterval
}

// signsOfLife are those of the controllers of the control plane: their Leases, and the heartbeats of agents, which
// OpenChoreo's writes. down: one of them is known to have no pod.
func signsOfLife(s *facts.Snapshot) (signs []sign, down bool) {
	for _, lease := range s.Of(facts.Control, kinds.Coordination, "Lease") {
		if !kinds.Time(lease.Body, "spec", "renewTime").IsZero() {
			signs = append(signs, sign{lease: lease})
		}
	}
	for _, d := range s.Of(facts.Control, kinds.Apps, "Deployment") {
		available, _ := kinds.Number(d.Body, "status", "availableReplicas")
		down = down || available == 0
	}
	var heartbeat time.Time
	for _, kind := range []string{"DataPlane", "ClusterDataPlane"} {
		for _, plane := range s.Of(facts.Control, kinds.OpenChoreo, kind) {
			if kinds.Bool(plane.Body, "status", "agentConnection", "connected") {
				heartbeat = Latest(heartbeat, kinds.Time(plane.Body, "status", "agentConnection", "lastHeartbeatTime"))
			}
		}
	}
	if !heartbeat.IsZero() {
		signs = append(signs, sign{heartbeat: heartbeat})
	}
	return signs, down
}

// newestTime is the newest of the times at which something has happened to an object.
func newestTime(s *facts.Snapshot) time.Time {
	var found time.Time
	for o := range s.Each() {
		if o.Outcome == facts.Found {
			found = Latest(found, CreatedAt(o), newestIn(o.Body.Object))
		}
	}
	return found
}

// past are fields that hold when something has happened. Others, as a certificate's end, may lie in the future.
func past(field string) bool {
	switch field {
	case "lastTransitionTime", "lastUpdateTime", "lastHeartbeatTime", "lastObservedTime", "lastTimestamp", "renewTime", "startedAt", "finishedAt":
		return true
	}
	return false
}

func newestIn(value any) time.Time {
	var found time.Time
	switch value := value.(type) {
	case map[string]any:
		for field, inner := range value {
			if text, ok := inner.(string); ok && past(field) {
				at, _ := time.Parse(time.RFC3339, text)
				found = Latest(found, at)
				continue
			}
			found = Latest(found, newestIn(inner))
		}
	case []any:
		for _, inner := range value {
			found = Latest(found, newestIn(inner))
		}
	}
	return found
}
