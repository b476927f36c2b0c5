#compdef publish-activity
# zsh completion of publish-activity, printed by: publish-activity completion zsh
# Nothing of the words here, and nothing that is typed, is ever evaluated.

# The words of a list.
_publish_activity_list() {
  list=()
  case $1 in
    @lists
  esac
}

# What an option takes: the name of a list, `file`, or nothing to offer. Fails where it takes no value.
_publish_activity_value() {
  case $1 in
    @values
    *) return 1 ;;
  esac
}

# What a command takes: the name of a list, whether all its words are from there, and its options. Fails where there is no such command.
_publish_activity_command() {
  case $1 in
    @commands
    *) return 1 ;;
  esac
}

_publish-activity() {
  local word option='' command='' dashes='' takes='' repeats='' count=0 offered=1
  local -a flags list
  @names

  for word in "${(@Q)words[2,CURRENT - 1]}"; do
    if [[ -n $option ]]; then
      option=''
    elif [[ -z $dashes && $word == -- ]]; then
      dashes=yes
    elif [[ -z $dashes && $word == -* ]]; then
      if _publish_activity_value "$word"; then option=$word; fi
    elif [[ -z $command ]] && _publish_activity_command "$word"; then
      command=$word
    else
      command=${command:-$initial}
      count=$((count + 1))
    fi
  done

  if [[ -z $option$dashes && $PREFIX == --*=* ]]; then
    option=${PREFIX%%=*}
    compset -P 1 '*='
  fi
  if [[ -n $option ]]; then
    _publish_activity_value "$option" || return 1
    if [[ $takes == file ]]; then
      _files
      return
    fi
    _publish_activity_list "$takes"
    compadd -a list
    return
  fi

  _publish_activity_command "${command:-$initial}"
  if [[ $count == 0 || -n $repeats ]]; then
    _publish_activity_list "$takes"
    # What looks like an option is one, unless -- stands before it.
    [[ -n $dashes ]] || list=("${(@)list:#-*}")
    if (($#list)); then compadd -a list && offered=0; fi
    if [[ -z $command ]]; then _describe command names && offered=0; fi
  fi
  # Options where they are asked for, and where nothing else can be offered.
  if [[ -z $dashes && $offered == 1 && ($PREFIX == -* || -z $PREFIX) ]]; then
    _describe -o option flags && offered=0
  fi
  return offered
}

# Read as a file of $fpath it is the function itself; otherwise it says whose completion it is.
if [[ $funcstack[1] == _publish-activity ]]; then
  _publish-activity "$@"
else
  compdef _publish-activity publish-activity
fi
