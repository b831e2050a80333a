package trace

import "github.com/kubectl-choreo/kubectl-choreo/pkg/facts"

// Role is who can run a command, and where. The values are a public contract, and the lines before the commands of a finding's page.
type Role string

// All roles.
const (
	RoleDeveloper    Role = "application developer"
	RoleControlPlane Role = "platform engineer, on the control plane"
	RoleDataPlane    Role = "platform engineer, on the data plane"
	RoleRepository   Role = "in the Git repository"
	// RoleAfterChange is RoleRepository, for commands that only help once a person has changed a file.
	RoleAfterChange   Role = "in the Git repository, after you fix the manifest"
	RoleAdministrator Role = "administrator"
)

// Roles are all roles.
func Roles() []Role {
	return []Role{RoleDeveloper, RoleControlPlane, RoleDataPlane, RoleRepository, RoleAfterChange, RoleAdministrator}
}

// NextStep is one command to run because of a finding.
type NextStep struct {
	Role    Role        `json:"role"`
	Plane   facts.Plane `json:"plane,omitempty"` // the cluster that the command is for; empty where it needs none
	Command string      `json:"command"`
	// AfterFix: the command only helps once a person has done what the finding's hint recommends.
	AfterFix bool `json:"afterFix,omitempty"`
	// OnlyIf is what must hold for the command to help, such as "the controller hangs"; empty if nothing.
	OnlyIf string `json:"onlyIf,omitempty"`
}
