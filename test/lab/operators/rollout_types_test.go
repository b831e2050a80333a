package operators

import (
	"fmt"
	"strings"
)

// rolloutTypes are ClusterComponentTypes that render a Rollout. OpenChoreo knows no Rollout as a workload: a type either is a proxy, or has
// a Deployment beside it, from which the Rollout takes its template.
func rolloutTypes() string {
	const steps = "{canary: {steps: [{setWeight: 50}, {pause: {}}]}}"
	const direct = "{canary: {maxSurge: 1, maxUnavailable: 0}}"
	const blueGreen = "{blueGreen: {activeService: \"${metadata.name}\", autoPromotionEnabled: false}}"
	return strings.Join([]string{
		proxyType("rollout-canary", rollout(steps, template)),
		proxyType("rollout-direct", rollout(direct, template)),
		proxyType("rollout-slow", rolloutWithin(600, direct, template)),
		proxyType("rollout-without-service", rollout(blueGreen, template)),
		componentType("rollout-of-deployment", "deployment", deployment, rollout(steps, "workloadRef: {apiVersion: apps/v1, kind: Deployment, name: \"${metadata.name}\"}")),
	}, "---\n")
}

const template = `selector: {matchLabels: "${metadata.podSelectors}"}
  template:
    metadata: {labels: "${metadata.podSelectors}"}
    spec: {containers: [{name: main, image: "${workload.container.image}"}]}`

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: META
spec:
  replicas: 0
  ` + template

func rollout(strategy, pods string) string { return rolloutWithin(40, strategy, pods) }

// rolloutWithin is a Rollout that is Degraded after so many seconds without progress.
func rolloutWithin(seconds int, strategy, pods string) string {
	return fmt.Sprintf(`apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: META
spec:
  replicas: 2
  progressDeadlineSeconds: %d
  strategy: %s
  %s`, seconds, strategy, pods)
}

func proxyType(name string, objects ...string) string {
	return componentType(name, "proxy", objects...)
}

func componentType(name, workload string, objects ...string) string {
	text := fmt.Sprintf(`apiVersion: openchoreo.dev/v1alpha1
kind: ClusterComponentType
metadata: {name: %s}
spec:
  workloadType: %s
  resources:
`, name, workload)
	for i, object := range objects {
		id := fmt.Sprintf("object-%d", i)
		if strings.Contains(object, "kind: Deployment\nmetadata") {
			id = "deployment"
		}
		text += fmt.Sprintf("    - id: %s\n      template:\n        %s\n", id, strings.ReplaceAll(object, "\n", "\n        "))
	}
	return strings.ReplaceAll(text, "META", `{name: "${metadata.name}", namespace: "${metadata.namespace}", labels: "${metadata.labels}"}`)
}
