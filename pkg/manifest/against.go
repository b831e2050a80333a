package manifest

// Against reports what an API server reported of the objects that a change adds or alters.
type Against struct {
	// Context is the kubeconfig context of the cluster.
	Context string
	// Changed is the number of objects that a change adds or alters, in all clusters.
	Changed int
	// Accepted and Refused are those for which the API server has answered.
	Accepted, Refused int
	// NotChecked counts the others.
	NotChecked map[NotChecked]int
}

// NotChecked is the reason for which an API server has not checked an object.
type NotChecked string

// The first ones are known from files, the others from the API server.
const (
	OtherCluster      NotChecked = "otherCluster"
	IsSecret          NotChecked = "secret"
	IsEncrypted       NotChecked = "encrypted"
	LeftAlone         NotChecked = "leftAlone" // an annotation tells the applier not to update it
	UnknownVariable   NotChecked = "unknownVariable"
	UnknownKind       NotChecked = "unknownKind"
	InvalidReference  NotChecked = "invalidReference" // no object can have its name, or it has no namespace
	DefinitionChanges NotChecked = "definitionChanges"
	Recreated         NotChecked = "recreated" // its applier deletes and recreates it, because of an immutable field
	Forbidden         NotChecked = "forbidden"
	KindNotInstalled  NotChecked = "kindNotInstalled"
	NamespaceNotFound NotChecked = "namespaceNotFound"
	NoAnswer          NotChecked = "noAnswer"
)

// ReasonsNotChecked are all reasons, in the order of reports.
func ReasonsNotChecked() []NotChecked {
	return []NotChecked{
		OtherCluster, IsSecret, IsEncrypted, LeftAlone, UnknownVariable, UnknownKind, InvalidReference, DefinitionChanges,
		Recreated, Forbidden, KindNotInstalled, NamespaceNotFound, NoAnswer,
	}
}
