package workloads_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
)

// TestEntries: the same mistake of two containers is two mistakes, each with its line. Overrides of a binding count like the Workload.
func TestEntries(t *testing.T) {
	t.Parallel()
	got := linttest.LinesOf(t, `apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata: {name: w, namespace: shop}
spec:
  owner: {projectName: demo, componentName: back}
  container:
    image: i
    env:
      - key: GOOD
        value: v
      - key: LEVEL
    files:
      - key: LEVEL
        mountPath: /a
      - key: db
        mountPath: /b
        valueFrom:
          secretKeyRef:
            name: database
            key: passwort
---
apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {name: b, namespace: shop}
spec:
  owner: {projectName: demo, componentName: front}
  environment: staging
  state: Undeploy
  releaseName: front-20261121-1
  workloadOverrides:
    container:
      env:
        - key: A
          value: v
          valueFrom:
            secretKeyRef: {name: database, key: password}
        - key: B
          valueFrom:
            secretKeyRef:
              name: databases
              key: password
`)
	want := []string{
		"11 warning ValueAmbiguous: LEVEL has neither value nor valueFrom",
		"13 warning ValueAmbiguous: LEVEL has neither value nor valueFrom",
		"20 error SecretReferenceNotUsable: db takes key passwort of SecretReference shop/database, which has no such key",
		"33 error ValueAmbiguous: A has both value and valueFrom",
		"40 error SecretReferenceNotUsable: ReleaseBinding shop/b names SecretReference shop/databases, which is not in this repository",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestTargetPorts(t *testing.T) {
	t.Parallel()
	got := linttest.LinesOf(t, `apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata: {name: w, namespace: shop}
spec:
  owner: {projectName: demo, componentName: back}
  container: {image: i}
  endpoints:
    api.v1:
      type: HTTP
      port: 80
      targetPort: 8080
    same:
      type: HTTP
      port: 81
      targetPort: 81
    plain: {type: HTTP, port: 82}
`)
	want := []string{"11 warning TargetPortBlocked: endpoint api.v1 has port 80 and targetPort 8080"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestJobs(t *testing.T) {
	t.Parallel()
	linttest.CompareMessages(t, "WithoutTime", linttest.ClusterScoped("ClusterComponentType", "job", linttest.JobType("")), nil)
	linttest.CompareMessages(t, "WithTime", linttest.ClusterScoped("ClusterComponentType", "job", linttest.JobType(", ttlSecondsAfterFinished: 60")), []string{
		"job.yaml warning JobRunsAgain ClusterComponentType job renders a Job with ttlSecondsAfterFinished: after Kubernetes has deleted the Job, OpenChoreo creates it again, and it runs again",
	})
	linttest.CompareMessages(t, "Trait", linttest.Choreo("Trait", "migrate", "creates: [{template: {apiVersion: batch/v1, kind: Job, spec: {ttlSecondsAfterFinished: 60}}}]"), []string{
		"migrate.yaml warning JobRunsAgain Trait shop/migrate renders a Job with ttlSecondsAfterFinished: after Kubernetes has deleted the Job, OpenChoreo creates it again, and it runs again",
	})
	linttest.CompareMessages(t, "CronJob", linttest.ClusterScoped("ClusterComponentType", "cron", "workloadType: cronjob, resources: [{id: cronjob, template: {apiVersion: batch/v1, kind: CronJob, spec: {jobTemplate: {spec: {ttlSecondsAfterFinished: 60}}}}}]"), nil)
}
