# bash completion of publish-activity, printed by: publish-activity completion bash
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

# Offers the words that begin like what is typed, quoted as it is. $lead stands before them, and $keep is on the line already.
_publish_activity_offer() {
  local word text
  for word in "$@"; do
    case $typed in
      \'*) text=\'${word//\'/\'\\\'\'} ;;
      \"*)
        text=${word//\\/\\\\}
        text=${text//\"/\\\"}
        text=${text//\$/\\\$}
        text=\"${text//\`/\\\`}
        ;;
      *) printf -v text %q "$word" ;;
    esac
    [[ $text == "$typed"* ]] || continue
    # Where a quote is open, bash replaces what is behind it, and closes it.
    case $typed in
      [\'\"]*) text=${text:1} ;;
      *) text=$lead$text text=${text#"$keep"} ;;
    esac
    COMPREPLY+=("$text")
  done
}

_publish_activity() {
  local line=$COMP_LINE piece word current typed keep lead='' option='' command='' dashes='' takes='' repeats='' count=0 i
  local -a words=() flags=() list=()
  @names
  COMPREPLY=()

  # Bash cuts words into pieces at : and =. Pieces without a space between them are one word.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    piece=${COMP_WORDS[i]}
    if ((i > 0)) && [[ -n $piece && $line != [[:space:]]* ]]; then
      words[${#words[@]} - 1]+=$piece
    else
      words+=("$piece")
    fi
    line=${line#"${line%%[![:space:]]*}"}
    line=${line#"$piece"}
  done
  current=${words[${#words[@]} - 1]}
  # Only the last piece is replaced.
  keep=$current
  if [[ $piece == *[!:=]* ]]; then keep=${current%"$piece"}; fi

  for word in "${words[@]:1:${#words[@]}-2}"; do
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

  typed=$current
  if [[ -z $option$dashes && $current == --*=* ]]; then
    option=${current%%=*} lead=${current%%=*}= typed=${current#*=}
  fi
  if [[ -n $option ]]; then
    if ! _publish_activity_value "$option"; then return; fi
    if [[ $takes == file ]]; then
      compopt -o default
      return
    fi
    _publish_activity_list "$takes"
    _publish_activity_offer "${list[@]}"
    return
  fi

  _publish_activity_command "${command:-$initial}"
  if [[ $count == 0 || -n $repeats ]]; then
    _publish_activity_list "$takes"
    if [[ -z $command ]]; then list=("${names[@]}" "${list[@]}"); fi
    for word in "${list[@]}"; do
      # What looks like an option is one, unless -- stands before it.
      if [[ -n $dashes || $word != -* ]]; then _publish_activity_offer "$word"; fi
    done
  fi
  # Options where they are asked for, and where nothing else can be offered.
  if [[ -z $dashes && ${#COMPREPLY[@]} == 0 && ($current == -* || -z $current) ]]; then
    _publish_activity_offer "${flags[@]}"
  fi
}

complete -F _publish_activity publish-activity
