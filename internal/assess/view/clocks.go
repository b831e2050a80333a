package view

import "time"

// How long a state that is normal for a while may last before it counts as a failure. Each wait of what delivers a component
// has one of these clocks, with its reason.
//
// An unknown time is not recent. A condition without lastTransitionTime does not say that it began just now: KEDA never writes
// one. So what has no time of its own is measured from another time that bounds it, such as the creation of its object or
// the last apply, and counts as overdue where there is none.
//
// One wait has no clock, because nothing in the cluster reports when it began: a source that has not fetched the wanted
// commit. Sources keep no time of their last fetch, and the commit may not be pushed. It carries the finding RevisionNotFetched.
const (
	// ObserveTimeout: every OpenChoreo controller watches its own kind, so a new generation is observed within seconds;
	// two minutes allow for one worker per controller and a slow plane (openchoreo v1.2.3 internal/controller).
	ObserveTimeout = 2 * time.Minute
	// ApplyTimeout: a new RenderedRelease generation reaches the plane at once unless the agent is slow; its proxied
	// requests end after 30 s each (openchoreo v1.2.3 internal/cluster-gateway/server.go:573).
	ApplyTimeout = 2 * time.Minute
	// NamespaceTimeout: an apply that failed because its namespace was missing is tried again after 5 ms, then after twice as long each
	// time, up to 1,000 s (controller-runtime v0.24 default rate limiter; openchoreo v1.2.3 renderedrelease/controller.go:150). So
	// the next try is as far away from the namespace as that is from the first failure, and one worker does it. A next try that
	// is due later than two minutes after the first failure is not waited for, as it can be triggered.
	NamespaceTimeout = 2 * time.Minute
	// WorkerTimeout is how long a due try may stand in the queue of the controller's one worker, and take: a request to the plane ends after
	// 30 s (openchoreo v1.2.3 internal/cluster-gateway/server.go:573).
	WorkerTimeout = 30 * time.Second
	// ListTimeout: status.resources follows the apply within one reconciliation.
	ListTimeout = 2 * time.Minute
	// DependencyTimeout: kustomize-controller looks at an unready dependency again after --requeue-dependency, 30 s by
	// default, once per level (v1.9.3 internal/controller/kustomization_controller.go).
	DependencyTimeout = 5 * time.Minute
	// BehindTimeout: the event of a new artifact enqueues every consumer at once.
	BehindTimeout = 2 * time.Minute
	// CanceledTimeout: a controller cancels a health check because the next run is queued already (kustomize-controller v1.9.3
	// kustomization_controller.go:285, helm-controller v1.6.3 helmrelease_controller.go:428); the rest is its queue.
	CanceledTimeout = 2 * time.Minute
	// RunTimeout is how long one run may take, or wait for its turn, where its spec sets no limit.
	RunTimeout = 15 * time.Minute
	// HeartbeatTimeout: OpenChoreo polls the agent's connection every minute (controller_common.go:30).
	HeartbeatTimeout = 3 * time.Minute
	// AgentTimeout is one poll of the agent's connection, and time to write what came of it (controller_common.go:30): an agent that
	// has reconnected, as after a restart of the gateway, is reported as gone until then.
	AgentTimeout = 90 * time.Second
	// PullTimeout: a first failed pull may be a hiccup of the registry; ImagePullBackOff is the second.
	PullTimeout = 30 * time.Second
	// ScheduleTimeout gives an autoscaler time to add a node.
	ScheduleTimeout = time.Minute
	// ReadyTimeout is how long a running container may stay unready after its start, or after it was ready.
	ReadyTimeout = time.Minute
	// GateTimeout is how long the controller of a readiness gate may take, such as to register a pod with a load balancer.
	GateTimeout = 2 * time.Minute
	// StartTimeout is how long a container may be created.
	StartTimeout = 5 * time.Minute
	// StaleTimeout: what was not in the cache yet is found when the condition that reports it comes back as an event, or never.
	StaleTimeout = 5 * time.Second
	// ConnectionTimeout: a provider that is deployed by the same commit needs a round of its own.
	ConnectionTimeout = 2 * time.Minute
	// FlapWindow is how long a restart counts after the pod is Ready again.
	FlapWindow = 10 * time.Minute
	// EndTimeout is how long a pod may take to end beyond its grace period, and what OpenChoreo deletes until it is gone.
	EndTimeout = 2 * time.Minute
	// BuildTimeout is how long a build may run.
	BuildTimeout = 30 * time.Minute
	// CertificateTimeout is how long before its end a certificate is worth a word.
	CertificateTimeout = 7 * 24 * time.Hour
	// RouteTimeout is how long a gateway may take to answer for a new route.
	RouteTimeout = 2 * time.Minute
	// MountTimeout is how long the kubelet may wait before it mounts a volume again, after many failures (Kubernetes v1.36
	// pkg/util/goroutinemap/exponentialbackoff), and until it may write the next event about it.
	MountTimeout = 6 * time.Minute
	// RetryTimeout: a Job makes a pod in place of a failed one after 10 s, later each time, and after ten minutes at the latest (Kubernetes
	// v1.36 pkg/controller/job/job_controller.go, MaxJobPodFailureBackOff).
	RetryTimeout = 10 * time.Minute
	// JobTimeout is how long a CronJob may be without a success after its newest schedule.
	JobTimeout = 10 * time.Minute
	// SilenceTimeout is how long the first status of a kind without rules of its own may take: a controller that watches its
	// kind writes one within seconds, and a kind without a controller never gets one.
	SilenceTimeout = 10 * time.Second
	// SettleTimeout is how long an operator may fail on an object that was created at the same time as what it names.
	SettleTimeout = 30 * time.Second
	// ReportTimeout is how old a report may be: OpenChoreo looks at a healthy release every five minutes, and up to a fifth
	// later (v1.2.3 renderedrelease/controller_status.go).
	ReportTimeout = 6 * time.Minute
	// RefreshTimeout is how late the refresh of a secret may be, besides one that was left out.
	RefreshTimeout = 10 * time.Minute
	// IssueTimeout is how long the issuance of a certificate may take: cert-manager tries again an hour after a failure.
	IssueTimeout = time.Hour
	// StepTimeout is how long one step of a progressive rollout may go on without a sign of progress before it is worth a word.
	StepTimeout = time.Hour
)

// IsRetryDue reports whether a controller that has failed since failed for want of something that came is about to try again.
func IsRetryDue(p *Environment, failed, came time.Time) bool {
	failedFor := max(0, came.Sub(failed))
	return 2*failedFor <= NamespaceTimeout && p.Within(failed, 2*failedFor+WorkerTimeout)
}
