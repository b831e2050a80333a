package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// fleetTypes returns ClusterComponentTypes that render a Deployment, and objects that are invalid or of other operators.
func fleetTypes() map[string]string {
	extra := map[string]string{
		"gizmo":       "apiVersion: example.com/v1\nkind: Gizmo\nmetadata: META\nspec: {}",
		"bad-port":    "apiVersion: v1\nkind: Service\nmetadata: META\nspec: {ports: [{port: 99999}]}",
		"claim":       "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: META\nspec: {storageClassName: ghost, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}",
		"scaled":      "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: META\nspec: {minReplicas: 1, maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: \"${metadata.name}\"}, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]}",
		"own-gateway": "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: META\nspec: {parentRefs: [{name: own-gateway}]}",
		"built":       "",
		"twins":       "",
		"plain":       "",
		"traited":     "",
	}
	var every []string
	all := foreignKinds()
	for _, name := range slices.Sorted(maps.Keys(all)) { // sorted: another order would change the type
		f := all[name]
		text := fmt.Sprintf("apiVersion: %s/%s\nkind: %s\nmetadata: META\nspec: %s", f.group, f.version, f.kind, f.spec)
		extra[name] = text
		every = append(every, text)
	}
	extra["every-kind"] = strings.Join(every, "\n---\n")
	types := map[string]string{
		"on-delete": onDelete(), "every-minute": everyMinute(), "zeros": zeros(), "gated": podType("gated", `readinessGates: [{conditionType: example.com/gate}]`),
		"on-lost-node":           podType("on-lost-node", onLostNode+`, {key: node.kubernetes.io/unreachable, operator: Exists}]`),
		"evicted-from-lost-node": podType("evicted-from-lost-node", onLostNode+`, {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]`),
	}
	for name, text := range extra {
		types[name] = componentType(name, text)
	}
	return types
}

func componentType(name, extra string) string {
	replicas, allowed := 1, ""
	switch name {
	case "twins":
		replicas = 2
	case "traited":
		allowed = "  allowedTraits: [{kind: ClusterTrait, name: ghost}]\n"
	case "built":
		allowed = "  allowedWorkflows: [{kind: ClusterWorkflow, name: builder}]\n"
	}
	text := fmt.Sprintf(`apiVersion: openchoreo.dev/v1alpha1
kind: ClusterComponentType
metadata: {name: %s}
spec:
  workloadType: deployment
%s  resources:
    - id: deployment
      template:
        apiVersion: apps/v1
        kind: Deployment
        metadata: META
        spec:
          replicas: %d
          selector: {matchLabels: "${metadata.podSelectors}"}
          template:
            metadata: {labels: "${metadata.podSelectors}"}
            spec: {containers: [{name: main, image: "${workload.container.image}"}]}
`, name, allowed, replicas)
	for i, object := range strings.Split(extra, "\n---\n") {
		if object != "" {
			text += fmt.Sprintf("    - id: extra-%d\n      template:\n        %s\n", i, strings.ReplaceAll(object, "\n", "\n        "))
		}
	}
	return metadata(text)
}

func metadata(text string) string {
	return strings.ReplaceAll(text, "META", `{name: "${metadata.name}", namespace: "${metadata.namespace}", labels: "${metadata.labels}"}`)
}

func onDelete() string {
	return metadata(`apiVersion: openchoreo.dev/v1alpha1
kind: ClusterComponentType
metadata: {name: on-delete}
spec:
  workloadType: statefulset
  resources:
    - id: statefulset
      template:
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: META
        spec:
          serviceName: none
          updateStrategy: {type: OnDelete}
          selector: {matchLabels: "${metadata.podSelectors}"}
          template:
            metadata: {labels: "${metadata.podSelectors}"}
            spec: {containers: [{name: main, image: "${workload.container.image}"}]}
`)
}

func everyMinute() string {
	return metadata(`apiVersion: openchoreo.dev/v1alpha1
kind: ClusterComponentType
metadata: {name: every-minute}
spec:
  workloadType: cronjob
  resources:
    - id: cronjob
      template:
        apiVersion: batch/v1
        kind: CronJob
        metadata: META
        spec:
          schedule: "* * * * *"
          failedJobsHistoryLimit: 1
          jobTemplate:
            spec:
              backoffLimit: 0
              template:
                metadata: {labels: "${metadata.podSelectors}"}
                spec:
                  restartPolicy: Never
                  containers: [{name: main, image: "${workload.container.image}"}]
`)
}

// zeros renders zero values that the API server drops, and omits fields that it defaults.
func zeros() string {
	return metadata(`apiVersion: openchoreo.dev/v1alpha1
kind: ClusterComponentType
metadata: {name: zeros}
spec:
  workloadType: deployment
  resources:
    - id: deployment
      template:
        apiVersion: apps/v1
        kind: Deployment
        metadata: META
        spec:
          minReadySeconds: 0
          paused: false
          selector: {matchLabels: "${metadata.podSelectors}"}
          template:
            metadata: {labels: "${metadata.podSelectors}"}
            spec:
              hostNetwork: false
              hostPID: false
              imagePullSecrets: []
              nodeSelector: {}
              tolerations: []
              containers:
                - name: main
                  image: "${workload.container.image}"
                  args: []
                  stdin: false
                  ports: [{containerPort: 9090}]
                  resources: {limits: {cpu: 1000m, memory: 1024Mi}, requests: {cpu: 0.5}}
                  volumeMounts: [{name: scratch, mountPath: /scratch, readOnly: false}]
              volumes: [{name: scratch, emptyDir: {}}]
`)
}

// onLostNode is the start of a pod spec that selects node-lost.
const onLostNode = `nodeSelector: {kubernetes.io/hostname: node-lost}
              tolerations: [{key: example.com/dedicated, operator: Exists}`

// podType returns a type with a Deployment whose pod spec has further fields.
func podType(name, fields string) string {
	return strings.Replace(componentType(name, ""), `spec: {containers: [{name: main, image: "${workload.container.image}"}]}`,
		`spec:
              containers: [{name: main, image: "${workload.container.image}"}]
              `+fields, 1)
}
