package e2e

import (
	"context"
	"time"
)

// addNode adds a node to the control plane's cluster, for pods that select it by hostname.
func addNode(ctx context.Context) error {
	return shared.lab.Apply(ctx, "", `
apiVersion: v1
kind: Node
metadata: {name: node-lost, labels: {kubernetes.io/hostname: node-lost}}
spec: {taints: [{key: example.com/dedicated, effect: NoSchedule}]}
`)
}

// brokenNodes have faults in the node or a readiness gate of the pod.
func brokenNodes() []fleetCase {
	const dev = "development"
	return []fleetCase{
		{
			scenario: scenario{name: "node-lost", fault: "the node of the pod misses its heartbeats, and the pod tolerates that", timeout: 10 * time.Minute, want: failed("pod", dev, "NodeNotReady", "Node", "node-lost", "")},
			kind:     "deployment/on-lost-node", then: loseNode, slow: true,
		},
		{
			scenario: scenario{name: "node-lost-evicted", fault: "the node of the pod misses its heartbeats; the pod is to be deleted, which nothing on the node does", timeout: 10 * time.Minute, want: failed("pod", dev, "NodeNotReady", "Node", "node-lost", "")},
			kind:     "deployment/evicted-from-lost-node", then: loseNode, slow: true,
		},
		{
			scenario: scenario{name: "readiness-gate-unset", fault: "nothing sets the condition of a readiness gate of the pod", want: failed("pod", dev, "ReadinessGateNotMet", "Pod", "*", "example.com/gate")},
			kind:     "deployment/gated",
		},
	}
}

// loseNode waits until the pods on the node are running, and stops its heartbeats.
func loseNode(ctx context.Context, n *tenant, _ string) error {
	for _, name := range []string{"node-lost", "node-lost-evicted"} {
		if _, err := n.pods(ctx, name, 1); err != nil {
			return err
		}
	}
	return shared.lab.LoseNode(ctx, "node-lost")
}
