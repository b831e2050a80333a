package workloads

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// jobs: Kubernetes deletes a finished Job after its ttlSecondsAfterFinished. OpenChoreo applies what it has rendered every five
// minutes (openchoreo v1.2.3 internal/controller/renderedrelease/controller.go:611), which creates the Job again, and it runs again.
func jobs(ix *index.Index) {
	for kind, list := range map[string]string{
		"ComponentType": "resources", "ClusterComponentType": "resources", "Trait": "creates", "ClusterTrait": "creates",
		"ResourceType": "resources", "ClusterResourceType": "resources",
	} {
		for _, o := range ix.ByKind[kind] {
			for i, item := range kinds.Items(o.Body, "spec", list) {
				template := kinds.Fields(item, "template")
				_, set, _ := unstructured.NestedFieldNoCopy(template, "spec", "ttlSecondsAfterFinished")
				if !set || kinds.String(template, "kind") != "Job" || !strings.HasPrefix(kinds.String(template, "apiVersion"), kinds.Batch+"/") {
					continue
				}
				ix.Report(o, fmt.Sprintf("spec.%s[%d].template.spec.ttlSecondsAfterFinished", list, i), trace.Warning, trace.Finding{
					Code: trace.CodeJobRunsAgain, Message: fmt.Sprintf("%s renders a Job with ttlSecondsAfterFinished: after Kubernetes has deleted the Job, OpenChoreo creates it again, and it runs again", o.Ref),
					Hint: "remove ttlSecondsAfterFinished, or use a CronJob",
				})
			}
		}
	}
}
