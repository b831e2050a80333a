package reconcile

import "github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/reconciletest"

const (
	oldRevision = reconciletest.OldRevision
	newRevision = reconciletest.NewRevision
)

var (
	noon          = reconciletest.Noon
	object        = reconciletest.Object
	snapshot      = reconciletest.Snapshot
	ks            = reconciletest.KS
	git           = reconciletest.Git
	gitRepository = reconciletest.GitRepository
	kustomization = reconciletest.Kustomization
	set           = reconciletest.Set
	appliedBy     = reconciletest.AppliedBy
)
