package e2e

import (
	"fmt"
	"strings"
)

const helmRelease = `
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: NAME, namespace: TENANT}
`

// chartInGit is a HelmRelease of a chart in the tenant's repository, and helmChart the HelmChart that helm-controller creates for it.
const (
	chartInGit = helmRelease + `
spec:
  interval: 10m
  chart: {spec: {chart: ./charts/worker, reconcileStrategy: Revision, sourceRef: {kind: GitRepository, name: oc-TENANT, namespace: flux-system}}}
`
	helmChart = `
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmChart
metadata: {name: TENANT-NAME, namespace: flux-system, labels: {helm.toolkit.fluxcd.io/name: NAME, helm.toolkit.fluxcd.io/namespace: TENANT}}
spec: {chart: ./charts/worker, interval: 10m, reconcileStrategy: Revision, sourceRef: {kind: GitRepository, name: oc-TENANT}}
`
)

// helmReleaseStatus returns the status of a HelmRelease. history has the status and chart version of its Helm releases, newest first
// (helm-controller v1.6.3 api/v2/helmrelease_types.go).
func helmReleaseStatus(chart string, history []string, conditions ...string) string {
	var snapshots []string
	for i, entry := range history {
		status, version, _ := strings.Cut(entry, " ")
		snapshots = append(snapshots, fmt.Sprintf("{name: NAME, namespace: TENANT, version: %d, status: %s, chartName: worker, chartVersion: %s}", len(history)-i, status, version))
	}
	return helmRelease + fmt.Sprintf(`
status:
  observedGeneration: 1
  helmChart: %s
  lastAttemptedRevision: 0.2.0+SHORT
  lastAttemptedGeneration: 1
  history: [%s]
  inventory: {entries: [%s]}
  conditions: [%s]
`, chart, strings.Join(snapshots, ", "), inventory(), strings.Join(conditions, ", "))
}

// inventory returns the component's objects as in the inventories of Flux's engines.
func inventory() string {
	var entries []string
	for _, id := range []string{"NAME_openchoreo.dev_Component", "NAME-workload_openchoreo.dev_Workload", "RELEASE_openchoreo.dev_ComponentRelease", "NAME-development_openchoreo.dev_ReleaseBinding"} {
		entries = append(entries, fmt.Sprintf("{id: TENANT_%s, v: v1alpha1}", id))
	}
	return strings.Join(entries, ", ")
}

func helmReady() string {
	const succeeded = "Helm upgrade succeeded for release TENANT/NAME.v1 with chart worker@0.2.0+SHORT"
	return condition("Ready", "True", "UpgradeSucceeded", succeeded) + ", " + condition("Released", "True", "UpgradeSucceeded", succeeded)
}

// byHelm returns a component that a HelmRelease in Git delivers, with the conditions of the HelmRelease.
func byHelm(s scenario, history []string, conditions ...string) *engineCase {
	return &engineCase{
		scenario: s, manager: "helm-controller", label: ownerLabels("helm.toolkit.fluxcd.io", "TENANT", "NAME"),
		inGit: chartInGit, objects: helmChart, status: helmReleaseStatus("flux-system/TENANT-NAME", history, conditions...),
	}
}

func helmReleases() []*engineCase {
	const refused = `Helm upgrade failed for release TENANT/NAME with chart worker@0.2.0+SHORT: cannot patch "NAME" with kind Component: Component.openchoreo.dev "NAME" is invalid: spec.autoDeploy: Invalid value: "string": spec.autoDeploy in body must be of type boolean: "string"`
	helmFailed := func(name, message string) want {
		return failed("delivery", "", "HelmReleaseFailed", "HelmRelease", name, message)
	}
	upgradeFailed := condition("Released", "False", "UpgradeFailed", refused)
	suspended := byHelm(scenario{name: "helm-release-suspended", fault: "somebody suspended the HelmRelease", want: healthyWith("ApplierPaused")}, []string{"deployed 0.2.0+SHORT"}, helmReady())
	suspended.inGit += "  suspend: true\n"
	return []*engineCase{
		{scenario: scenario{name: "applied-by-hand", fault: "none: the component is applied by hand, its project by a Kustomization", want: withText(want{exit: 0, verdict: "Healthy"}, "applied by hand")}},
		byHelm(scenario{name: "helm-release-failed", fault: "Helm's upgrade is refused and not tried again (helm-controller does not run in the lab)", want: withText(helmFailed("helm-release-failed", "spec.autoDeploy in body must be of type boolean"), "helm-controller does not retry")},
			[]string{"failed 0.2.0+SHORT", "deployed 0.1.0"}, condition("Ready", "False", "UpgradeFailed", refused), upgradeFailed,
			condition("Stalled", "True", "RetriesExceeded", "Failed to upgrade after 1 attempt(s)")),
		byHelm(scenario{name: "helm-release-rolled-back", fault: "Helm's upgrade is refused and was rolled back (helm-controller does not run in the lab)", want: withText(helmFailed("helm-release-rolled-back", "spec.autoDeploy in body must be of type boolean"), "chart worker@0.1.0 runs")},
			[]string{"deployed 0.1.0", "failed 0.2.0+SHORT", "superseded 0.1.0"},
			condition("Ready", "False", "RollbackSucceeded", "Helm rollback to previous release TENANT/NAME.v1 with chart worker@0.1.0 succeeded"),
			condition("Remediated", "True", "RollbackSucceeded", "Helm rollback to previous release TENANT/NAME.v1 with chart worker@0.1.0 succeeded"), upgradeFailed,
			condition("Stalled", "True", "RetriesExceeded", "Failed to upgrade after 1 attempt(s)")),
		byHelm(scenario{name: "helm-release-drifted", fault: "somebody changed an object of the Helm release by hand (helm-controller does not run in the lab)", want: healthyWith("HelmReleaseDrifted")},
			[]string{"deployed 0.2.0+SHORT"}, helmReady(),
			condition("Drifted", "True", "DriftDetected", "Cluster state of release TENANT/NAME.v1 has drifted from the desired state:\nComponent/TENANT/NAME changed (0 additions, 1 changes, 0 removals)")),
		suspended,
		{
			scenario: scenario{name: "helm-release-absent", fault: "the HelmRelease whose labels the objects bear was deleted", want: failed("delivery", "", "ApplierNotFound", "HelmRelease", "helm-release-absent", "does not exist")},
			manager:  "helm-controller", label: ownerLabels("helm.toolkit.fluxcd.io", "TENANT", "NAME"),
		},
		unreachableRepository(),
		brokenGenerator(),
	}
}

// unreachableRepository has a HelmChart and a HelmRepository whose statuses the real source-controller writes.
func unreachableRepository() *engineCase {
	return &engineCase{
		scenario: scenario{name: "helm-repository-unreachable", fault: "the URL of the HelmRepository refuses connections", want: failed("source", "", "SourceFetchFailed", "HelmRepository", "helm-repository-unreachable", "failed to fetch Helm repository index")},
		manager:  "helm-controller", label: ownerLabels("helm.toolkit.fluxcd.io", "TENANT", "NAME"),
		inGit: helmRelease + `
spec: {interval: 10m, chart: {spec: {chart: worker, version: 0.2.0, sourceRef: {kind: HelmRepository, name: NAME}}}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: NAME, namespace: TENANT}
spec: {interval: 10m, url: "http://127.0.0.1:1"}
`,
		objects: `
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmChart
metadata: {name: TENANT-NAME, namespace: TENANT, labels: {helm.toolkit.fluxcd.io/name: NAME, helm.toolkit.fluxcd.io/namespace: TENANT}}
spec: {chart: worker, version: 0.2.0, interval: 10m, sourceRef: {kind: HelmRepository, name: NAME}}
`,
		status: helmReleaseStatus("TENANT/TENANT-NAME", []string{"deployed 0.1.0"},
			condition("Ready", "False", "SourceNotReady", "HelmChart 'TENANT/TENANT-NAME' is not ready: no artifact available for HelmRepository source 'NAME'")),
	}
}

// brokenGenerator has a failed ArtifactGenerator. The HelmRelease still uses the previous artifact, and is Ready.
func brokenGenerator() *engineCase {
	const generator = `
apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata: {name: NAME, namespace: TENANT}
`
	const artifact = `
apiVersion: source.toolkit.fluxcd.io/v1
kind: ExternalArtifact
metadata: {name: NAME, namespace: TENANT}
`
	return &engineCase{
		scenario: scenario{name: "artifact-generator-failed", fault: "the ArtifactGenerator copies a folder that its source does not hold (source-watcher does not run in the lab)", want: failed("source", "", "ArtifactGeneratorFailed", "ArtifactGenerator", "artifact-generator-failed", "build failed: failed to copy")},
		manager:  "helm-controller", label: ownerLabels("helm.toolkit.fluxcd.io", "TENANT", "NAME"),
		inGit: helmRelease + "spec: {interval: 10m, chartRef: {kind: ExternalArtifact, name: NAME}}\n---" + generator + `
spec:
  sources: [{alias: repo, kind: GitRepository, name: oc-TENANT, namespace: flux-system}]
  artifacts: [{name: NAME, originRevision: "@repo", copy: [{from: "@repo/charts/gone/**", to: "@artifact/"}]}]
`,
		objects: artifact + `
spec: {sourceRef: {apiVersion: source.extensions.fluxcd.io/v1beta1, kind: ArtifactGenerator, name: NAME, namespace: TENANT}}
`,
		status: artifact + `
status:
  artifact:
    digest: sha256:0263be68c8d0acb1d1d77ded0fee8e8b3f2a5d1db4d52d2b1c4f5b9dbfaf4a63
    lastUpdateTime: NOW
    metadata: {org.opencontainers.image.revision: "main@sha1:PARENT"}
    path: externalartifact/TENANT/NAME/1.tar.gz
    revision: latest@sha256:0263be68c8d0acb1d1d77ded0fee8e8b3f2a5d1db4d52d2b1c4f5b9dbfaf4a63
    url: http://source-watcher.flux-system.svc/externalartifact/TENANT/NAME/1.tar.gz
  conditions: [` + condition("Ready", "True", "Succeeded", "Artifact is ready") + `]
---` + generator + `
status:
  conditions: [` + condition("Ready", "False", "BuildFailed", `NAME build failed: failed to copy from "@repo/charts/gone/**": no files match`) + `]
---` + helmReleaseStatus(`""`, []string{"deployed 0.1.0+0263be68c8d0"}, helmReady()),
	}
}
