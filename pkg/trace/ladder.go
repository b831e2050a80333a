package trace

// RungID is the id of a rung. The ids are a public contract.
type RungID string

// The rungs, top down.
const (
	RungGit         RungID = "git"
	RungSource      RungID = "source"
	RungDelivery    RungID = "delivery"
	RungProject     RungID = "project"
	RungComponent   RungID = "component"
	RungWorkload    RungID = "workload"
	RungRelease     RungID = "release"
	RungEnvironment RungID = "environment"
	RungCell        RungID = "cell"
	RungBinding     RungID = "binding"
	RungRendered    RungID = "rendered"
	RungResource    RungID = "resource"
	RungPod         RungID = "pod"
	RungEndpoint    RungID = "endpoint"
)

// Scope defines whether a rung exists once or per environment.
type Scope uint8

const (
	// Shared is the zero value: the rung exists once for the component.
	Shared Scope = iota
	// PerEnvironment means that each environment has one.
	PerEnvironment
)

// Step is one rung of the ladder.
type Step struct {
	ID    RungID
	Scope Scope
	// Replaces is true if a new revision of the rung replaces the objects below it. The other rungs wait for those below them.
	Replaces bool
}

// Ladder returns every rung, top down in causal order. Assessing, gating, counting and printing use this one list.
func Ladder() []Step {
	return []Step{
		{ID: RungGit, Replaces: true},
		{ID: RungSource, Replaces: true},
		{ID: RungDelivery, Replaces: true},
		{ID: RungProject, Replaces: true},
		{ID: RungComponent, Replaces: true},
		{ID: RungWorkload, Replaces: true},
		{ID: RungRelease, Scope: PerEnvironment, Replaces: true},
		{ID: RungEnvironment, Scope: PerEnvironment, Replaces: true},
		{ID: RungCell, Scope: PerEnvironment, Replaces: true},
		{ID: RungBinding, Scope: PerEnvironment},
		{ID: RungRendered, Scope: PerEnvironment},
		{ID: RungResource, Scope: PerEnvironment},
		{ID: RungPod, Scope: PerEnvironment},
		{ID: RungEndpoint, Scope: PerEnvironment},
	}
}

// Rungs returns the ids of the ladder, top down.
func Rungs() []RungID {
	ids := make([]RungID, 0, len(Ladder()))
	for _, step := range Ladder() {
		ids = append(ids, step.ID)
	}
	return ids
}
